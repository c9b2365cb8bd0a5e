/** Which regions of which document are greyed: the newest news of each. Knows no editor, so that it can be tested. */

import type { InactiveRegions, Region } from "./protocol";

export interface Regions {
  /** Whether *news* changes anything; false for news of an older text than what is known. */
  take(news: InactiveRegions): boolean;
  of(uri: string): readonly Region[];
  forget(uri: string): void;
  clear(): void;
}

export function createRegions(): Regions {
  const known = new Map<string, InactiveRegions>();
  return {
    take(news) {
      const { uri, version } = news.textDocument;
      const before = known.get(uri);
      if (before !== undefined && version < before.textDocument.version) {
        return false;
      }
      known.set(uri, news);
      return true;
    },
    of: (uri) => known.get(uri)?.regions ?? [],
    forget: (uri) => void known.delete(uri),
    clear: () => known.clear(),
  };
}
