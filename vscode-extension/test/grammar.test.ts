/** The grammar's patterns, each tried as a regular expression on a line that it is for. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

interface Rule {
  readonly match?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly include?: string;
  readonly patterns?: readonly Rule[];
}
interface Grammar {
  readonly patterns: readonly Rule[];
  readonly repository: Readonly<Record<string, Rule>>;
}

const grammar = JSON.parse(readFileSync("syntaxes/systemverilog.tmLanguage.json", "utf8")) as Grammar;

function rules(name: string): string[] {
  const rule = grammar.repository[name];
  assert.ok(rule, `no rule ${name}`);
  return [rule, ...(rule.patterns ?? [])].map((part) => part.match ?? part.begin ?? "").filter((text) => text !== "");
}

/** The first text that a pattern of the rule *name* finds in *line*. */
function found(name: string, line: string): string | undefined {
  return rules(name)
    .map((text) => new RegExp(text).exec(line)?.[0])
    .find((text) => text !== undefined);
}

test("every include names a rule that exists", () => {
  const includes = JSON.stringify(grammar).match(/"include":"#(\w+)"/g) ?? [];
  assert.ok(includes.length > 10);
  for (const name of includes.map((text) => text.slice(12, -1))) {
    assert.ok(name in grammar.repository, name);
  }
});

test("based, unbased and real numbers are numbers", () => {
  assert.equal(found("numbers", "x = 32'hDEAD_beef;"), "32'hDEAD_beef");
  assert.equal(found("numbers", "x = '1;"), "'1");
  assert.equal(found("numbers", "#1.5ns"), "1.5ns");
});

test("a cast is not a number", () => {
  assert.equal(found("numbers", "x = type_t'(y);"), undefined);
});

test("a sensitivity list with a star is no attribute", () => {
  assert.equal(found("attributes", "always @(*) begin"), undefined);
  assert.equal(found("attributes", "(* keep = 1 *) logic a;"), "(*");
});

test("an instance's type is found with and without parameters, a keyword before a parenthesis is not", () => {
  assert.match(found("instances", "  ibex_alu #(.A(1)) u (") ?? "", /ibex_alu/);
  assert.match(found("instances", "  ibex_alu alu_i (") ?? "", /ibex_alu/);
  assert.equal(found("instances", "  foo(bar);"), undefined);
});

test("keywords are whole words", () => {
  assert.equal(found("keywords", "endmodule_x my_begin"), undefined);
  assert.equal(found("keywords", "  always_ff @(posedge clk)"), "always_ff");
});
