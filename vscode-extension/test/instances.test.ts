import assert from "node:assert/strict";
import { test } from "node:test";
import type { Instance, InstancePage } from "../src/design_protocol";
import { ids, instanceLook, joined, remaining } from "../src/instances";

const place = { uri: "file:///a.sv", range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } } };
const instance = (more: Partial<Instance> = {}): Instance => ({
  name: "gen_x[1].u_alu",
  definition: "alu",
  path: "top.gen_x[1].u_alu",
  kind: "module",
  parameters: [],
  location: place,
  definitionLocation: place,
  children: 0,
  ...more,
});
const page = (start: number, total: number, ...paths: string[]): InstancePage => ({
  instances: paths.map((path) => instance({ path })),
  start,
  total,
  status: "",
});

test("an instance is labelled by its name and described by its module and parameters", () => {
  const look = instanceLook(instance({ parameters: [{ name: "Width", value: "32" }, { name: "Kind", value: "a|b" }] }), "");
  assert.equal(look.label, "gen_x[1].u_alu");
  assert.equal(look.description, "alu  Width=32  Kind=a|b");
  assert.match(look.tooltip, /^`top\.gen_x\[1\]\.u_alu`: module `alu`\n/);
  assert.match(look.tooltip, /\| `Kind` \| `a\\\|b` \|\n/);
});

test("the instance whose values are shown is marked, others are not", () => {
  const one = instance();
  const active = instanceLook(one, one.path);
  assert.deepEqual([active.icon, active.context], ["target", "instance.declared.active"]);
  const other = instanceLook(one, "top");
  assert.deepEqual([other.icon, other.context], ["circuit-board", "instance.declared"]);
});

test("an instance of a module that nobody declares offers no module to open", () => {
  const look = instanceLook(instance({ kind: "unknown", definitionLocation: null }), "");
  assert.deepEqual([look.icon, look.context], ["question", "instance"]);
});

test("a path that broken code holds twice has two ids", () => {
  const same = [instance(), instance(), instance({ path: "top.b" })];
  assert.equal(new Set(ids(same)).size, 3);
  assert.equal(ids(same)[0], "top.gen_x[1].u_alu");
});

test("what is left of a level is told until its last page has come", () => {
  const first = page(0, 3, "a", "b");
  assert.equal(remaining(first), "1 more");
  const whole = joined(first, page(2, 3, "c"));
  assert.equal(remaining(whole), undefined);
  assert.deepEqual(whole.instances.map((one) => one.path), ["a", "b", "c"]);
});
