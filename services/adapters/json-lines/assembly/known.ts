/** Values that are known not to be wanted (AssemblyScript, as scan-lines.ts): they come again and again. */

/** A direct-mapped table: a value stands where its hash says, in place of what stood there. */
const KNOWN: usize = 0x600000;
const SLOTS: usize = 0x4000;
/** Of a slot: the value's field and kind (0: free), its length, its bytes. */
const SLOT_SHIFT: usize = 8;
const HEAD_BYTES: usize = 8;
const MOST_BYTES: u32 = (1 << 8) - 8;

/** The first bytes of the eight at `p`, in the order of memory. */
function first(p: usize, bytes: u32): u64 {
  return load<u64>(p) & (((1 as u64) << ((bytes as u64) << 3)) - 1);
}

function slotOf(head: u32, from: usize, length: u32): usize {
  let hash: u64 = ((head as u64) << 32) | (length as u64);
  const whole = from + (length & ~7);
  for (let p = from; p < whole; p += 8) {
    hash = (hash ^ load<u64>(p)) * 0x9e3779b97f4a7c15;
    hash ^= hash >> 32;
  }
  hash = (hash ^ first(whole, length & 7)) * 0xc2b2ae3d27d4eb4f;
  return KNOWN + ((((hash >> 40) as usize) & (SLOTS - 1)) << SLOT_SHIFT);
}

/** Says whether a value was noted since the table was emptied. `head`: what tells its field and kind. */
export function isKnown(head: u32, from: usize, to: usize): bool {
  const length = (to - from) as u32;
  if (length > MOST_BYTES) return false;
  const slot = slotOf(head, from, length);
  if (load<u32>(slot) != head || load<u32>(slot, 4) != length) return false;
  let q = slot + HEAD_BYTES;
  const whole = from + (length & ~7);
  for (let p = from; p < whole; p += 8) {
    if (load<u64>(p) != load<u64>(q)) return false;
    q += 8;
  }
  return (length & 7) == 0 || load<u64>(q) == first(whole, length & 7);
}

/** Notes a value, if it is not too long. */
export function note(head: u32, from: usize, to: usize): void {
  const length = (to - from) as u32;
  if (length > MOST_BYTES) return;
  const slot = slotOf(head, from, length);
  store<u32>(slot, head);
  store<u32>(slot, length, 4);
  let q = slot + HEAD_BYTES;
  const whole = from + (length & ~7);
  for (let p = from; p < whole; p += 8) {
    store<u64>(q, load<u64>(p));
    q += 8;
  }
  // Of a value that fills the slot nothing is left, and what follows belongs to the next.
  if ((length & 7) != 0) store<u64>(q, first(whole, length & 7));
}

/** Empties the table. */
export function forget(): void {
  for (let slot: usize = 0; slot < SLOTS; slot++) store<u32>(KNOWN + (slot << SLOT_SHIFT), 0);
}
