/** What stands between strings (AssemblyScript, as scan-lines.ts). */

function isDigit(c: u32): bool {
  return c - 48 < 10;
}

/** Passes over white space; a newline ends the line and is none. */
export function space(p: usize): usize {
  let c = load<u8>(p) as u32;
  if (c > 32) return p;
  while (c == 32 || c == 9 || c == 13) {
    p++;
    c = load<u8>(p);
  }
  return p;
}

/** From the first character of a number to behind its last; 0: it is none. */
export function numberEnd(p: usize): usize {
  if (load<u8>(p) == 45) p++;
  if (load<u8>(p) == 48) p++;
  else {
    if (!isDigit(load<u8>(p))) return 0;
    do p++;
    while (isDigit(load<u8>(p)));
  }
  if (load<u8>(p) == 46) {
    p++;
    if (!isDigit(load<u8>(p))) return 0;
    do p++;
    while (isDigit(load<u8>(p)));
  }
  if ((load<u8>(p) | 32) == 101) {
    p++;
    if (load<u8>(p) == 43 || load<u8>(p) == 45) p++;
    if (!isDigit(load<u8>(p))) return 0;
    do p++;
    while (isDigit(load<u8>(p)));
  }
  return p;
}
