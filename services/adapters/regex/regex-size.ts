/** About how many steps a regular expression is compiled to: what is repeated so many times is written out so many times. */
export function regexSize(source: string): number {
  /** Sizes of the groups that are open, and of the last atom of each. */
  const open: { size: number; atom: number }[] = [{ size: 0, atom: 0 }];
  for (let at = 0; at < source.length; at++) {
    const group = open.at(-1) ?? { size: 0, atom: 0 };
    switch (source[at]) {
      case "\\":
        at += 1;
        group.atom = 1;
        group.size += 1;
        break;
      case "[": {
        at = classEnd(source, at);
        group.atom = 1;
        group.size += 1;
        break;
      }
      case "(":
        open.push({ size: 1, atom: 0 });
        break;
      case ")":
        if (open.length > 1) {
          open.pop();
          const outer = open.at(-1) ?? group;
          outer.atom = group.size;
          outer.size += group.size;
        }
        break;
      case "{": {
        const [whole = "", least = "", most = ""] = /^\{(\d+)(?:,(\d*))?\}/.exec(source.slice(at, at + 24)) ?? []; // prettier-ignore
        if (whole !== "") {
          const times = Math.max(Number(least), Number(most), 1);
          group.size += group.atom * (times - 1);
          group.atom *= times;
          at += whole.length - 1;
        }
        break;
      }
      default:
        group.atom = 1;
        group.size += 1;
    }
  }
  return open.reduce((sum, { size }) => sum + size, 0);
}

/** Where a class ends: its first `]` that is neither escaped nor the first of it. */
function classEnd(source: string, from: number): number {
  let at = from + 1;
  if (source[at] === "^") at += 1;
  if (source[at] === "]") at += 1;
  for (; at < source.length && source[at] !== "]"; at++) {
    if (source[at] === "\\") at += 1;
  }
  return at;
}
