/** Greys code that is not compiled, in every visible editor. The server says which it is. */

import * as vscode from "vscode";
import type { InactiveRegions, Region } from "./protocol";
import { createRegions } from "./regions";

export interface Greying extends vscode.Disposable {
  show(news: InactiveRegions): void;
  /** Nothing is greyed until there are news. */
  clear(): void;
}

export function createGreying(): Greying {
  const regions = createRegions();
  const grey = vscode.window.createTextEditorDecorationType({
    opacity: "0.55",
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
  const paint = (editor: vscode.TextEditor): void => {
    editor.setDecorations(grey, regions.of(keyOf(editor.document.uri)).map(rangeOf));
  };
  const paintAll = (): void => vscode.window.visibleTextEditors.forEach(paint);
  const listeners = [
    vscode.window.onDidChangeVisibleTextEditors(paintAll),
    vscode.workspace.onDidCloseTextDocument((document) => regions.forget(keyOf(document.uri))),
  ];
  return {
    show(news) {
      const uri = keyOf(vscode.Uri.parse(news.textDocument.uri));
      if (regions.take({ ...news, textDocument: { ...news.textDocument, uri } })) {
        paintAll();
      }
    },
    clear() {
      regions.clear();
      paintAll();
    },
    dispose() {
      for (const one of [...listeners, grey]) {
        one.dispose();
      }
    },
  };
}

/** The same for a document and for the URI that the server was given of it. */
function keyOf(uri: vscode.Uri): string {
  return uri.toString();
}

function rangeOf(region: Region): vscode.Range {
  return new vscode.Range(region.start.line, region.start.character, region.end.line, region.end.character);
}
