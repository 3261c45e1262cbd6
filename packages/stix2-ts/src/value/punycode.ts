/** Encodes the labels of an internationalised domain name as `xn--…` (RFC 3492). */
export function toAsciiDomain(domain: string): string {
  return domain
    .split(".")
    .map((label) => (isAscii(label) ? label : `xn--${encode(label)}`))
    .join(".");
}

/** Decodes the `xn--…` labels of a domain name; one that is no punycode stays as it is. */
export function toUnicodeDomain(domain: string): string {
  return domain
    .split(".")
    .map((label) => (/^xn--/i.test(label) ? (decode(label.slice(4)) ?? label) : label))
    .join(".");
}

/** Whether a text has ASCII characters only. */
export function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 127) {
      return false;
    }
  }
  return true;
}

function encode(label: string): string {
  const points = [...label].map((char) => char.codePointAt(0) ?? 0);
  const basic = points.filter((point) => point < 128);
  let output = String.fromCharCode(...basic) + (basic.length > 0 ? "-" : "");
  let [n, delta, bias, handled] = [128, 0, 72, basic.length];
  while (handled < points.length) {
    const next = Math.min(...points.filter((point) => point >= n));
    delta += (next - n) * (handled + 1);
    n = next;
    for (const point of points) {
      if (point < n) {
        delta += 1;
      } else if (point === n) {
        output += variable(delta, bias);
        bias = adapt(delta, handled + 1, handled === basic.length);
        delta = 0;
        handled += 1;
      }
    }
    delta += 1;
    n += 1;
  }
  return output;
}

function decode(text: string): string | undefined {
  if (text.length > 63) {
    return undefined; // no label is that long (RFC 1035 §2.3.4)
  }
  const end = text.lastIndexOf("-");
  const points = Array.from(text.slice(0, Math.max(end, 0)), (char) => char.codePointAt(0) ?? 0);
  let [n, i, bias, at] = [128, 0, 72, end + 1];
  while (at < text.length) {
    const before = i;
    let weight = 1;
    for (let k = 36; ; k += 36) {
      const value = digitValue(text.charCodeAt(at));
      at += 1;
      if (value === undefined) {
        return undefined;
      }
      i += value * weight;
      const threshold = Math.min(Math.max(k - bias, 1), 26);
      if (value < threshold) {
        break;
      }
      weight *= 36 - threshold;
    }
    bias = adapt(i - before, points.length + 1, before === 0);
    n += Math.floor(i / (points.length + 1));
    i %= points.length + 1;
    if (n > 0x10ffff) {
      return undefined;
    }
    points.splice(i, 0, n);
    i += 1;
  }
  return String.fromCodePoint(...points);
}

function digitValue(code: number): number | undefined {
  if (code >= 48 && code <= 57) return code - 22;
  const letter = code | 32;
  return letter >= 97 && letter <= 122 ? letter - 97 : undefined;
}

function variable(delta: number, bias: number): string {
  let text = "";
  let rest = delta;
  for (let k = 36; ; k += 36) {
    const threshold = Math.min(Math.max(k - bias, 1), 26);
    if (rest < threshold) {
      return text + digit(rest);
    }
    text += digit(threshold + ((rest - threshold) % (36 - threshold)));
    rest = Math.floor((rest - threshold) / (36 - threshold));
  }
}

function digit(value: number): string {
  return String.fromCharCode(value < 26 ? value + 97 : value + 22);
}

function adapt(delta: number, points: number, isFirst: boolean): number {
  let rest = Math.floor(delta / (isFirst ? 700 : 2));
  rest += Math.floor(rest / points);
  let k = 0;
  while (rest > 455) {
    rest = Math.floor(rest / 35);
    k += 36;
  }
  return k + Math.floor((36 * rest) / (rest + 38));
}
