/** Makes the language client: finds the server, forwards the settings, shows what a server command answers. */

import { accessSync, constants } from "node:fs";
import * as vscode from "vscode";
import { type ExecuteCommandSignature, LanguageClient, type LanguageClientOptions, type Middleware } from "vscode-languageclient/node";
import type { Documents } from "./documents";
import { candidates, type Launch, serverLaunch, writtenSettings } from "./launch";
import { EXPLAIN_COMMAND, isExplanation } from "./protocol";
import { LANGUAGES } from "./status";

/** Undefined when there is no server to start. */
export function findServer(): Launch | undefined {
  const config = vscode.workspace.getConfiguration("hdl.server");
  const settings = { path: config.get("path", ""), python: config.get("python", "") };
  return serverLaunch(settings, (name) => candidates(name, process.env["PATH"] ?? "", process.platform).find(isExecutable));
}

export function createClient(
  launch: Launch,
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
  documents: Documents,
): LanguageClient {
  const keys = settingKeys(context);
  const options: LanguageClientOptions = {
    documentSelector: LANGUAGES.flatMap((language) => [
      { scheme: "file", language },
      { scheme: "untitled", language },
    ]),
    outputChannel: log,
    initializationOptions: { ...written(keys), hdlStatus: true, hdlInactiveRegions: true },
    middleware: middleware(keys, documents, (item) => client.sendNotification("hdl/didShowCompletion", { item })),
    markdown: { isTrusted: false, supportHtml: false },
  };
  const client = new LanguageClient("hdl-lsp", "hdl-lsp", launch, options);
  return client;
}

/** Sends the settings as they are now. */
export function forwardSettings(client: LanguageClient, context: vscode.ExtensionContext): Promise<void> {
  return client.sendNotification("workspace/didChangeConfiguration", {
    settings: { hdl: written(settingKeys(context)) },
  });
}

function middleware(
  keys: readonly string[],
  documents: Documents,
  tellShown: (item: { command: vscode.Command }) => Promise<void>,
): Middleware {
  return {
    // VS Code draws the first of what it is given, and says so to nobody.
    async provideInlineCompletionItems(document, position, context, token, next) {
      const answer = await next(document, position, context, token);
      const first = Array.isArray(answer) ? answer[0] : answer?.items[0];
      if (first?.command !== undefined && !token.isCancellationRequested) {
        await tellShown({ command: first.command });
      }
      return answer;
    },
    workspace: {
      // The library would answer with every default filled in; those would win over hdl-lsp.toml.
      configuration: (params) =>
        params.items.map((item) => (item.section === undefined || item.section === "hdl" ? written(keys) : null)),
    },
    // A code action runs this command; its answer is meant to be read.
    async executeCommand(command: string, args: unknown[], next: ExecuteCommandSignature) {
      const answer: unknown = await next(command, args);
      if (command === EXPLAIN_COMMAND && isExplanation(answer)) {
        await documents.show("Explanation", answer.markdown);
      }
      return answer;
    },
  };
}

function written(keys: readonly string[]): Record<string, unknown> {
  const config = vscode.workspace.getConfiguration();
  return writtenSettings(keys, (key) => config.inspect(key));
}

function settingKeys(context: vscode.ExtensionContext): string[] {
  const manifest = context.extension.packageJSON as { contributes: { configuration: { properties: object } } };
  return Object.keys(manifest.contributes.configuration.properties);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
