/**
 * Which program is the server, and which settings go to it.
 * Pure: knows neither VS Code nor the file system, so that plain Node tests cover it.
 */

export interface Launch {
  readonly command: string;
  readonly args: string[];
}

export interface LaunchSettings {
  /** `hdl.server.path`; may be empty. */
  readonly path: string;
  /** `hdl.server.python`; may be empty. */
  readonly python: string;
}

/** What `WorkspaceConfiguration.inspect` tells about one key, as far as it is read here. */
export interface Inspection {
  readonly globalValue?: unknown;
  readonly workspaceValue?: unknown;
  readonly workspaceFolderValue?: unknown;
}

/** Settings that concern this extension only and are not sent. */
const OWN_SETTINGS: ReadonlySet<string> = new Set(["hdl.server.path", "hdl.server.python"]);

/** How the server is started; undefined when no setting names it and it is not on the PATH. */
export function serverLaunch(settings: LaunchSettings, findOnPath: (name: string) => string | undefined): Launch | undefined {
  if (settings.path.trim() !== "") {
    return { command: settings.path.trim(), args: ["serve"] };
  }
  if (settings.python.trim() !== "") {
    return { command: settings.python.trim(), args: ["-m", "hdl_lsp", "serve"] };
  }
  const found = findOnPath("hdl-lsp");
  return found === undefined ? undefined : { command: found, args: ["serve"] };
}

/** Places where a program of that name would be, in the order of PATH. Relative entries are left out: they would
 * name files of whatever folder the editor was started in. */
export function candidates(name: string, path: string, platform: NodeJS.Platform): string[] {
  const windows = platform === "win32";
  const separator = windows ? "\\" : "/";
  const absolute = windows ? /^([A-Za-z]:[\\/]|\\\\)/ : /^\//;
  return path
    .split(windows ? ";" : ":")
    .filter((folder) => absolute.test(folder))
    .map((folder) => folder.replace(/[\\/]+$/, "") + separator + name + (windows ? ".exe" : ""));
}

/**
 * The settings the user wrote, as nested sections without the leading `hdl`.
 *
 * Defaults are left out: the server knows them, and sent values win over the project's hdl-lsp.toml.
 */
export function writtenSettings(
  keys: readonly string[],
  inspect: (key: string) => Inspection | undefined,
): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  for (const key of keys.filter((k) => k.startsWith("hdl.") && !OWN_SETTINGS.has(k))) {
    const seen = inspect(key);
    const value = seen?.workspaceFolderValue ?? seen?.workspaceValue ?? seen?.globalValue;
    if (value === undefined) {
      continue;
    }
    const path = key.split(".").slice(1);
    let section = root;
    for (const name of path.slice(0, -1)) {
      section[name] ??= {};
      section = section[name] as Record<string, unknown>; // made one line above, or by an earlier key
    }
    section[path[path.length - 1] ?? key] = value;
  }
  return root;
}
