/**
 * The messages that hdl-lsp adds to LSP, as docs/protocol.md describes them.
 * Types only: what the values mean to a user is decided by the server and worded in report.ts.
 */

export type EngineState = "off" | "starting" | "ready" | "busy" | "failed";

/** Answer of `hdl/engineStatus`, and a part of `$/hdl/status`. */
export interface EngineStatus {
  readonly state: EngineState;
  /** File or catalogue name; empty when off. */
  readonly model: string;
  readonly device: string;
  /** One sentence, or empty. */
  readonly detail: string;
  readonly contextTokens: number;
  readonly fim: string;
  /** Null before the first generation. */
  readonly tokensPerS: number | null;
  readonly restarts: number;
}

/** Answer of `hdl/projectStatus`, as far as it is shown. */
export interface ProjectStatus {
  /** What decided which files belong to the design, and why. */
  readonly source: string;
  readonly detail: string;
  /** False while the workspace is being read. */
  readonly isLoaded: boolean;
  readonly roots: readonly string[];
  /** Number of source files of the design. */
  readonly sources: number;
  readonly includeDirs: readonly string[];
  readonly defines: readonly string[];
  readonly tops: readonly string[];
  readonly problems: readonly ProjectProblem[];
}

export interface ProjectProblem {
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  readonly message: string;
}

/** States of the two analysis processes. */
export interface AnalysisStatus {
  readonly shallow: string;
  readonly design: string;
}

/** Parameters of the notification `$/hdl/status`. */
export interface ServerStatus {
  readonly engine: EngineStatus;
  readonly analysis: AnalysisStatus;
  /** How often the workspace has been read to the end. */
  readonly loads: number;
  /** Files read so far, or null when the workspace has been read. */
  readonly indexing: { readonly done: number; readonly total: number } | null;
}

/** Parameters of the notification `hdl/inactiveRegions`: code that is not compiled. */
export interface InactiveRegions {
  readonly textDocument: { readonly uri: string; readonly version: number };
  readonly regions: readonly Region[];
}

/** A range as LSP has it, in UTF-16 columns. */
export interface Region {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
}

/** Answer of `hdl/explain` and of the command `hdl.explain`. */
export interface Explanation {
  readonly markdown: string;
}

export const Method = {
  status: "$/hdl/status",
  instances: "hdl/instances",
  drivers: "hdl/drivers",
  loads: "hdl/loads",
  selectInstance: "hdl/selectInstance",
  targets: "hdl/targets",
  selectTarget: "hdl/selectTarget",
  fileInfo: "hdl/fileInfo",
  proposeConfig: "hdl/proposeConfig",
  engineStatus: "hdl/engineStatus",
  projectStatus: "hdl/projectStatus",
  explain: "hdl/explain",
  restartWorkers: "hdl/restartWorkers",
  inactiveRegions: "hdl/inactiveRegions",
} as const;

/** The command of a code lens, which a client runs itself. */
export const SHOW_INSTANCES_COMMAND = "hdl.showInstances";

/** Server commands whose answer is a text to show. */
export const EXPLAIN_COMMAND = "hdl.explain";

/** Whether *value*, an answer from a server of another version perhaps, can be shown as an explanation. */
export function isExplanation(value: unknown): value is Explanation {
  return typeof value === "object" && value !== null && "markdown" in value && typeof value.markdown === "string";
}
