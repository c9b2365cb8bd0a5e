/** Starts and stops the server. Knows no HDL: everything a user sees of it comes from the server. */

import * as vscode from "vscode";
import { type LanguageClient, State } from "vscode-languageclient/node";
import { createClient, findServer, forwardSettings } from "./client";
import { registerCommands } from "./commands";
import { createDesignView, type DesignView } from "./design";
import type { Targets } from "./design_protocol";
import { createDocuments } from "./documents";
import { createGreying, type Greying } from "./greying";
import { type InactiveRegions, Method, type ServerStatus } from "./protocol";
import { createStatusItems, LANGUAGES, type StatusItems } from "./status";

let client: LanguageClient | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel("hdl-lsp", { log: true });
  const documents = createDocuments();
  const status = createStatusItems();
  const greying = createGreying();
  const running = (): LanguageClient | undefined => (client?.isRunning() ? client : undefined);
  const design = createDesignView(running);

  const start = async (): Promise<void> => {
    status.server("starting");
    const launch = findServer();
    if (launch === undefined) {
      status.server("missing");
      void offerSettings("hdl-lsp is not on the PATH. Install it, or say in the settings where it is.");
      return;
    }
    log.info(`starting ${[launch.command, ...launch.args].join(" ")}`);
    client = createClient(launch, context, log, documents);
    follow(client, status, greying, design);
    try {
      await client.start();
    } catch (error) {
      log.error(String(error));
      status.server("stopped");
      void offerSettings(`hdl-lsp could not be started as '${launch.command}'.`);
    }
  };
  const restartServer = async (): Promise<void> => {
    await stop();
    await start();
  };

  context.subscriptions.push(
    log,
    documents,
    status,
    greying,
    design,
    ...registerCommands({ client: running, restartServer, documents, design, status, log }),
    vscode.workspace.onDidSaveTextDocument((document) => {
      if (LANGUAGES.includes(document.languageId)) {
        design.refresh();
      }
    }),
    vscode.workspace.onDidChangeConfiguration(async (event) => {
      if (event.affectsConfiguration("hdl.server")) {
        await restartServer();
      } else if (event.affectsConfiguration("hdl") && client?.isRunning()) {
        await forwardSettings(client, context);
      }
    }),
  );
  await start();
}

export function deactivate(): Promise<void> {
  return stop();
}

async function stop(): Promise<void> {
  const old = client;
  client = undefined;
  await old?.dispose();
}

/** Keeps the status items, the greyed code, the design and the context key `hdl-lsp.running` true to *of*. */
function follow(of: LanguageClient, status: StatusItems, greying: Greying, design: DesignView): void {
  let loads = 0;
  of.onNotification(Method.status, (now: ServerStatus) => {
    status.show(now);
    if (now.loads !== loads) {
      loads = now.loads; // the workspace was read anew: perhaps another project, another target
      design.refresh();
      of.sendRequest<Targets>(Method.targets).then(
        (targets) => status.targets(targets),
        (error: unknown) => of.outputChannel.appendLine(`the targets are not known: ${String(error)}`),
      );
    }
  });
  of.onNotification(Method.inactiveRegions, (news: InactiveRegions) => greying.show(news));
  of.onDidChangeState(({ newState }) => {
    void vscode.commands.executeCommand("setContext", "hdl-lsp.running", newState === State.Running);
    if (newState === State.Starting) {
      status.server("starting");
    } else if (newState === State.Stopped && of === client) {
      status.server("stopped");
      greying.clear();
      design.activate("");
      design.refresh();
    }
  });
}

async function offerSettings(message: string): Promise<void> {
  const settings = "Open Settings";
  if ((await vscode.window.showErrorMessage(message, settings)) === settings) {
    await vscode.commands.executeCommand("workbench.action.openSettings", "hdl.server");
  }
}
