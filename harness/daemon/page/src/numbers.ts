// SPDX-License-Identifier: Apache-2.0
// Values with their units, and the axis on which a check is drawn. Pure; numbers.test.ts.
import type { Check, Interval } from "./types";

const kibi = 1024;

function rounded(value: number): string {
  return value.toLocaleString("en", { maximumSignificantDigits: 4 });
}

// Of differences of shares, such as accuracies: 6 points are not 6 %.
const inPoints = new Set(["noninferiority", "worst_slice", "disparity"]);

export function unitOf(check: Check, kind: string): string {
  return check.unit === "ratio" && inPoints.has(kind) ? "points" : check.unit;
}

export function quantity(value: number | null, unit: string): string {
  if (value === null) return "no value";
  if (unit === "points") return `${rounded(100 * value)} points`;
  if (unit === "ratio") return `${rounded(100 * value)} %`;
  if (unit === "B" && Math.abs(value) >= 10 * kibi) return `${rounded(value / kibi)} KiB`;
  return unit && unit !== "none" ? `${rounded(value)} ${unit}` : rounded(value);
}

export function current(microamperes: number | null): string {
  if (microamperes === null) return "nothing recorded";
  return Math.abs(microamperes) >= 1000 ? `${rounded(microamperes / 1000)} mA` : `${rounded(microamperes)} µA`;
}

export function interval(range: Interval | null, unit: string): string {
  if (!range || range.low === null || range.high === null) return "";
  return `${quantity(range.low, unit)} to ${quantity(range.high, unit)}`;
}

export function describe(check: Check, kind = ""): string {
  const unit = unitOf(check, kind);
  const parts = [quantity(check.estimate, unit)];
  const range = interval(check.interval, unit);
  if (range) parts.push(`${rounded(100 * check.confidence)} % interval ${range}`);
  if (check.limit !== null) parts.push(`${check.allowed} ${quantity(check.limit, unit)}`);
  parts.push(`n = ${check.n.toLocaleString("en")}`);
  return parts.join("; ");
}

export interface Axis {
  low: number;
  high: number;
}

const margin = 0.08; // of the length, on both sides

export function axisAround(values: (number | null | undefined)[]): Axis {
  const finite = values.filter((value): value is number => typeof value === "number" && Number.isFinite(value));
  if (finite.length === 0) return { low: 0, high: 1 };
  const low = Math.min(...finite);
  const high = Math.max(...finite);
  const room = (high - low || Math.abs(high) || 1) * margin;
  return { low: low - room, high: high + room };
}

export function axisOf(checks: Check[]): Axis {
  return axisAround(checks.flatMap((check) => [0, check.estimate, check.limit, check.interval?.low, check.interval?.high]));
}

// Where a value stands on the axis, 0 to 1; beyond it, at its end.
export function place(axis: Axis, value: number): number {
  return Math.min(1, Math.max(0, (value - axis.low) / (axis.high - axis.low)));
}
