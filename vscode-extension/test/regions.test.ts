import assert from "node:assert/strict";
import { test } from "node:test";
import type { InactiveRegions } from "../src/protocol";
import { createRegions } from "../src/regions";

const news = (uri: string, version: number, ...lines: number[]): InactiveRegions => ({
  textDocument: { uri, version },
  regions: lines.map((line) => ({ start: { line, character: 0 }, end: { line, character: 9 } })),
});
const lines = (regions: ReturnType<typeof createRegions>, uri: string): number[] => regions.of(uri).map((one) => one.start.line);

test("each document has its own regions, the newest count", () => {
  const regions = createRegions();
  assert.equal(regions.take(news("file:///a.sv", 1, 3, 5)), true);
  assert.equal(regions.take(news("file:///b.sv", 1, 7)), true);
  assert.equal(regions.take(news("file:///a.sv", 2, 4)), true);
  assert.deepEqual(lines(regions, "file:///a.sv"), [4]);
  assert.deepEqual(lines(regions, "file:///b.sv"), [7]);
});

test("news of an older text are not shown", () => {
  const regions = createRegions();
  regions.take(news("file:///a.sv", 5, 1));
  assert.equal(regions.take(news("file:///a.sv", 4, 2)), false);
  assert.deepEqual(lines(regions, "file:///a.sv"), [1]);
});

test("other defines grey other lines of the same text", () => {
  const regions = createRegions();
  regions.take(news("file:///a.sv", 5, 1));
  assert.equal(regions.take(news("file:///a.sv", 5, 2)), true);
  assert.deepEqual(lines(regions, "file:///a.sv"), [2]);
});

test("a closed document begins afresh, an unknown one has no regions", () => {
  const regions = createRegions();
  regions.take(news("file:///a.sv", 5, 1));
  regions.forget("file:///a.sv");
  assert.deepEqual(lines(regions, "file:///a.sv"), []);
  assert.equal(regions.take(news("file:///a.sv", 1, 2)), true);
  regions.clear();
  assert.deepEqual(lines(regions, "file:///a.sv"), []);
});
