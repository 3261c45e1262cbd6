/** Tells whether text is an IPv4 address in four decimal parts. */
export function isIpv4(text: string): boolean {
  let parts = 1;
  let number = -1;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === 46) {
      if (number < 0) return false;
      parts += 1;
      number = -1;
    } else {
      const digit = code - 48;
      if (digit < 0 || digit > 9) return false;
      number = number < 0 ? digit : number * 10 + digit;
      if (number > 255) return false;
    }
  }
  return parts === 4 && number >= 0;
}

/** Tells whether text looks like an IPv6 address: at least two colons, at most eight groups of hexadecimal digits. */
export function isIpv6(text: string): boolean {
  if (!text.includes(":")) return false;
  const address = text.split("%", 1)[0] ?? "";
  if (!/^[0-9a-fA-F:.]{2,45}$/.test(address)) return false;
  const tail = address.slice(address.lastIndexOf(":") + 1);
  const v4 = tail.includes(".");
  if (v4 && !isIpv4(tail)) return false;
  const groups = (v4 ? `${address.slice(0, -tail.length)}0:0` : address).split(":");
  if (groups.some((group) => group.length > 4 || group.includes("."))) return false;
  const double = address.indexOf("::");
  if (double >= 0) {
    return groups.length <= 9 && !address.includes(":::") && address.indexOf("::", double + 1) < 0;
  }
  return groups.length === 8 && !groups.includes("");
}

/** Takes the IPv4 address out of `::ffff:192.0.2.1`; other text stays as it is. */
export function unmapped(text: string): string {
  const at = text.lastIndexOf(":");
  if (at < 0) return text;
  const tail = text.slice(at + 1);
  if (!tail.includes(".") || !isIpv4(tail)) return text;
  const head = text.slice(0, at + 1).toLowerCase();
  return head === "::ffff:" || head === "0:0:0:0:0:ffff:" ? tail : text;
}
