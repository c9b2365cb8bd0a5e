/** Read-only Markdown documents (explanations, reports), shown as a preview beside the code. */

import * as vscode from "vscode";

const SCHEME = "hdl-lsp";

export interface Documents extends vscode.Disposable {
  /** Shows *markdown* under that title; a document shown before under the same title is replaced. */
  show(title: string, markdown: string): Promise<void>;
}

export function createDocuments(): Documents {
  const texts = new Map<string, string>();
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    onDidChange: changed.event,
    provideTextDocumentContent: (uri) => texts.get(uri.path) ?? "",
  });
  return {
    async show(title, markdown) {
      const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${title.replace(/\//g, "∕")}.md` });
      texts.set(uri.path, markdown);
      changed.fire(uri);
      await vscode.commands.executeCommand("markdown.showPreviewToSide", uri);
    },
    dispose() {
      registration.dispose();
      changed.dispose();
    },
  };
}
