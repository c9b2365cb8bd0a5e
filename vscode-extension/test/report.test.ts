import assert from "node:assert/strict";
import { test } from "node:test";
import type { EngineState, EngineStatus, ProjectStatus, ServerStatus } from "../src/protocol";
import { isExplanation } from "../src/protocol";
import { analysisLine, engineLine, engineReport, projectReport, targetLine } from "../src/report";

const engine = (state: EngineState, more: Partial<EngineStatus> = {}): EngineStatus => ({
  state,
  model: "gemma3-270m",
  device: "CPU, 1 thread",
  detail: "",
  contextTokens: 2048,
  fim: "prefix-only",
  tokensPerS: null,
  restarts: 0,
  ...more,
});
const status = (more: Partial<ServerStatus>): ServerStatus => ({
  engine: engine("ready"),
  analysis: { shallow: "ready", design: "ready" },
  loads: 1,
  indexing: null,
  ...more,
});

test("a ready model shows its name, device and speed", () => {
  const line = engineLine(engine("ready", { tokensPerS: 41.26, detail: "a long remark" }));
  assert.equal(line.text, "gemma3-270m");
  assert.equal(line.detail, "ready · CPU, 1 thread · 41.3 tokens/s");
  assert.equal(line.busy, false);
});

test("a failed model is an error and says why", () => {
  const line = engineLine(engine("failed", { detail: "not a GGUF file" }));
  assert.deepEqual([line.text, line.detail, line.severity], ["gemma3-270m failed", "not a GGUF file", "error"]);
});

test("a model that was switched off is no error", () => {
  assert.deepEqual(engineLine(engine("off", { model: "" })), { text: "No model", detail: "", severity: "info", busy: false });
});

test("loading and writing models are busy", () => {
  assert.equal(engineLine(engine("starting")).busy, true);
  assert.equal(engineLine(engine("busy")).busy, true);
});

test("a failed analysis process is an error, even while the workspace is read", () => {
  const line = analysisLine(status({ analysis: { shallow: "failed", design: "ready" }, indexing: { done: 1, total: 9 } }));
  assert.deepEqual([line.text, line.severity], ["Analysis failed", "error"]);
  assert.match(line.detail, /open files: failed/);
});

test("reading the workspace counts files", () => {
  const line = analysisLine(status({ indexing: { done: 3, total: 17 } }));
  assert.deepEqual([line.text, line.busy], ["Reading 3 of 17 files", true]);
});

test("the engine report leaves out what is not known and keeps its table in one piece", () => {
  const report = engineReport(engine("failed", { device: "", detail: "first | second\nthird" }));
  assert.doesNotMatch(report, /Device|Speed/);
  assert.match(report, /\| Remark \| first \\\| second third \|\n/);
});

const project: ProjectStatus = {
  source: "file list",
  detail: "ibex_core.f is the only one",
  isLoaded: true,
  roots: ["/w"],
  sources: 17,
  includeDirs: [],
  defines: [],
  tops: ["ibex_top"],
  problems: [],
};

test("the project report lists what there is and has no empty headings", () => {
  const report = projectReport(project);
  assert.match(report, /\| Sources \| 17 files \|/);
  assert.match(report, /## Folders\n\n- `\/w`\n/);
  assert.doesNotMatch(report, /Include folders|Problems|Macros/);
});

test("problems of the project name their line, a count under way says so", () => {
  const problems = [{ path: "/w/a.f", line: 3, message: "no such file" }];
  const report = projectReport({ ...project, isLoaded: false, problems });
  assert.match(report, /17 files so far/);
  assert.match(report, /- `\/w\/a\.f:3` no such file\n/);
});

test("only an answer with a Markdown text counts as an explanation", () => {
  assert.equal(isExplanation({ markdown: "x" }), true);
  assert.equal(isExplanation({ markdown: 1 }), false);
  assert.equal(isExplanation(null), false);
});

const target = (name: string, ...tops: string[]) => ({ name, tops, sources: 3, includeDirs: [], defines: [] });

test("the chosen target is shown with its tops, a project without targets has no line", () => {
  const line = targetLine({ active: "sim", targets: [target("rtl", "chip"), target("sim", "chip_tb", "top_tb")] });
  assert.deepEqual([line?.text, line?.detail], ["sim", "target · chip_tb, top_tb"]);
  assert.equal(targetLine({ active: "", targets: [target("rtl")] })?.text, "No target");
  assert.equal(targetLine({ active: "", targets: [] }), undefined);
});
