import assert from "node:assert/strict";
import { test } from "node:test";
import type { FileInfo, Proposal } from "../src/design_protocol";
import { fileReport } from "../src/flags";
import { fenced } from "../src/markdown";
import { proposalQuestion, proposalReport } from "../src/proposal";

const proposal: Proposal = {
  folder: "/w",
  files: 1,
  errorsBefore: 12,
  errorsAfter: 1,
  choices: [
    { key: "include_dirs", value: "inc", errorsBefore: 12, errorsAfter: 1, isKept: true, proof: "removes 11 errors in 3 files" },
    { key: "defines", value: "SIM", errorsBefore: 1, errorsAfter: 1, isKept: false, proof: "" },
  ],
  unsolved: [{ message: "unknown module\n'x'", count: 1 }],
  otherTops: [],
  toml: "[project]\ninclude_dirs = [\"inc\"]\n",
  uri: "file:///w/hdl-lsp.toml",
  exists: false,
};

test("a proposal shows its file, what each line is worth, and what is left", () => {
  const report = proposalReport(proposal);
  assert.match(report, /1 file: 12 errors without it, 1 with it\./);
  assert.match(report, /```toml\n\[project\]\ninclude_dirs = \["inc"\]\n```\n/);
  assert.match(report, /- `include_dirs: inc`: removes 11 errors in 3 files\n/);
  assert.match(report, /- `defines: SIM`: 1 → 1 errors\n/);
  assert.match(report, /- 1 × unknown module 'x'\n/);
});

test("the question names the folder and both counts", () => {
  assert.equal(proposalQuestion(proposal), "hdl-lsp.toml for /w: 12 errors without it, 1 with it. Create the file?");
});

test("a fence is longer than any in the text", () => {
  assert.equal(fenced("toml", "a\n````\n"), "`````toml\na\n````\n`````\n");
});

const file: FileInfo = {
  path: "/w/a.sv",
  bytes: 10,
  lines: 2,
  encoding: "utf-8",
  factsFailure: "",
  rule: "hdl-lsp.toml",
  why: "it names sources",
  folder: "/w",
  role: "source",
  isThirdParty: true,
  target: "",
  tops: [],
  units: ["a"],
  includedBy: [],
  compiledIn: "",
  includeDirs: ["/w/inc"],
  defines: ["N=1"],
  macroFiles: [],
  unresolvedIncludes: ["b.svh"],
  unresolvedMacros: [],
  unresolvedNames: [],
};

test("the report on a file names its flags and what is missing, and has no empty parts", () => {
  const report = fileReport(file);
  assert.match(report, /\| Part of the project as \| source, third party \|/);
  assert.match(report, /\| Macros \| N=1 \|/);
  assert.match(report, /## Include folders\n\n- `\/w\/inc`\n/);
  assert.match(report, /## Includes not found\n\n- `b\.svh`\n/);
  assert.doesNotMatch(report, /Target|Compiled inside|Included by|Macros not found/);
});
