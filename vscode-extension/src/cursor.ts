/** The place of the cursor, as a request names it. */

import * as vscode from "vscode";
import type { LanguageClient, TextDocumentPositionParams } from "vscode-languageclient/node";

export interface Cursor {
  readonly client: LanguageClient;
  readonly editor: vscode.TextEditor;
  readonly params: TextDocumentPositionParams;
}

/** Undefined without a running server or an open editor. */
export function cursor(client: LanguageClient | undefined): Cursor | undefined {
  const editor = vscode.window.activeTextEditor;
  if (client === undefined || editor === undefined) {
    return undefined;
  }
  const params = {
    textDocument: client.code2ProtocolConverter.asTextDocumentIdentifier(editor.document),
    position: client.code2ProtocolConverter.asPosition(editor.selection.active),
  };
  return { client, editor, params };
}
