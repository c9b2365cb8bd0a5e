/** The messages about the design and its builds, as docs/protocol.md describes them. Types only, as in protocol.ts. */

import type { Region } from "./protocol";

export interface Place {
  readonly uri: string;
  readonly range: Region;
}

/** One instance of the elaborated design. */
export interface Instance {
  /** Below its parent: "u_alu", "gen_x[3].u_leaf". */
  readonly name: string;
  readonly definition: string;
  readonly path: string;
  readonly kind: string;
  readonly parameters: readonly { readonly name: string; readonly value: string }[];
  /** Where it is written; null when that is in no file. */
  readonly location: Place | null;
  readonly definitionLocation: Place | null;
  /** Number of instances right inside. */
  readonly children: number;
}

/** Answer of `hdl/instances`. */
export interface InstancePage {
  readonly instances: readonly Instance[];
  readonly start: number;
  readonly total: number;
  /** Why the answer is empty; "" when all is well. */
  readonly status: string;
}

/** Answer of `hdl/drivers` and `hdl/loads`, as far as it is shown. */
export interface SignalSites {
  readonly signal: { readonly path: string; readonly type: string } | null;
  readonly sites: readonly { readonly location: Place | null; readonly text: string; readonly instance: string }[];
  readonly isCut: boolean;
  readonly status: string;
}

/** Answer of `hdl/selectInstance`. */
export interface SelectedInstance {
  readonly active: string;
  readonly status: string;
}

/** Argument of the command of a code lens. */
export interface ShownInstances {
  readonly uri: string;
  readonly position: Region["start"];
  readonly definition: string;
  readonly locations: readonly Place[];
}

/** Answer of `hdl/targets` and `hdl/selectTarget`. */
export interface Targets {
  /** Empty when none is chosen. */
  readonly active: string;
  readonly targets: readonly Target[];
}

export interface Target {
  readonly name: string;
  readonly tops: readonly string[];
  /** Number of source files. */
  readonly sources: number;
  readonly includeDirs: readonly string[];
  readonly defines: readonly string[];
}

/** Answer of `hdl/fileInfo`, as far as it is shown. */
export interface FileInfo {
  readonly path: string;
  readonly bytes: number;
  readonly lines: number;
  readonly encoding: string;
  readonly factsFailure: string;
  readonly rule: string;
  readonly why: string;
  readonly folder: string;
  readonly role: string;
  readonly isThirdParty: boolean;
  readonly target: string;
  readonly tops: readonly string[];
  readonly units: readonly string[];
  readonly includedBy: readonly string[];
  readonly compiledIn: string;
  readonly includeDirs: readonly string[];
  readonly defines: readonly string[];
  readonly macroFiles: readonly string[];
  readonly unresolvedIncludes: readonly string[];
  readonly unresolvedMacros: readonly string[];
  readonly unresolvedNames: readonly string[];
}

/** Answer of `hdl/proposeConfig`. */
export interface Proposal {
  readonly folder: string;
  readonly files: number;
  readonly errorsBefore: number;
  readonly errorsAfter: number;
  readonly choices: readonly Choice[];
  readonly unsolved: readonly { readonly message: string; readonly count: number }[];
  readonly otherTops: readonly string[];
  /** The text of the file. */
  readonly toml: string;
  /** Where the file belongs, and whether there is one already. */
  readonly uri: string;
  readonly exists: boolean;
}

export interface Choice {
  readonly key: string;
  readonly value: string;
  readonly errorsBefore: number;
  readonly errorsAfter: number;
  readonly isKept: boolean;
  /** What it is worth, in words; "" when it is not kept. */
  readonly proof: string;
}
