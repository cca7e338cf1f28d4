// SPDX-License-Identifier: Apache-2.0
// A stretch of time that a viewer shows, in seconds. Pure; stretch.test.ts.

export interface Stretch {
  from: number;
  to: number;
}

const shortest = 1e-6; // one sample of the fastest meters

// About its middle.
export function scaled({ from, to }: Stretch, factor: number): Stretch {
  const middle = (from + to) / 2;
  const half = ((to - from) / 2) * factor;
  return { from: middle - half, to: middle + half };
}

export function moved({ from, to }: Stretch, share: number): Stretch {
  const by = (to - from) * share;
  return { from: from + by, to: to + by };
}

// Within 0 and `length`, at the same length where it fits; null, the whole, where it does not.
export function limited(stretch: Stretch | null, length: number): Stretch | null {
  if (!stretch) return null;
  const wanted = Math.max(shortest, stretch.to - stretch.from);
  if (wanted >= length) return null;
  const from = Math.min(Math.max(0, stretch.from), length - wanted);
  return { from, to: from + wanted };
}
