import assert from "node:assert/strict";
import { test } from "node:test";
import { candidates, type Inspection, serverLaunch, writtenSettings } from "../src/launch";

const nowhere = (): undefined => undefined;
const onPath = (name: string): string => `/usr/bin/${name}`;

test("a path in the settings is started as it is", () => {
  const launch = serverLaunch({ path: " /opt/hdl-lsp ", python: "/usr/bin/python3" }, onPath);
  assert.deepEqual(launch, { command: "/opt/hdl-lsp", args: ["serve"] });
});

test("a configured interpreter wins over a program that happens to be on the PATH", () => {
  const launch = serverLaunch({ path: "", python: "/venv/bin/python" }, onPath);
  assert.deepEqual(launch, { command: "/venv/bin/python", args: ["-m", "hdl_lsp", "serve"] });
});

test("without settings the PATH decides", () => {
  assert.deepEqual(serverLaunch({ path: "", python: "" }, onPath), { command: "/usr/bin/hdl-lsp", args: ["serve"] });
  assert.equal(serverLaunch({ path: "", python: "  " }, nowhere), undefined);
});

test("relative PATH entries are never searched", () => {
  assert.deepEqual(candidates("hdl-lsp", ".::bin:/usr/bin/:/opt/x", "linux"), ["/usr/bin/hdl-lsp", "/opt/x/hdl-lsp"]);
});

test("on Windows the PATH is split at semicolons and programs end in .exe", () => {
  assert.deepEqual(candidates("hdl-lsp", "C:\\py\\Scripts;tools", "win32"), ["C:\\py\\Scripts\\hdl-lsp.exe"]);
});

const written = (values: Record<string, Inspection>): Record<string, unknown> =>
  writtenSettings(Object.keys(values), (key) => values[key]);

test("only settings that somebody wrote are sent, in sections", () => {
  const values = {
    "hdl.inline.enabled": { globalValue: false },
    "hdl.inline.maxTokens": {},
    "hdl.project.tops": { globalValue: ["a"], workspaceValue: ["b"] },
  };
  assert.deepEqual(written(values), { inline: { enabled: false }, project: { tops: ["b"] } });
});

test("a folder's value wins over the workspace's, and false is a value", () => {
  const values = { "hdl.diagnostics.enabled": { workspaceValue: true, workspaceFolderValue: false } };
  assert.deepEqual(written(values), { diagnostics: { enabled: false } });
});

test("the extension's own settings and other extensions' stay here", () => {
  const values = { "hdl.server.path": { globalValue: "/x" }, "other.key": { globalValue: 1 } };
  assert.deepEqual(written(values), {});
});
