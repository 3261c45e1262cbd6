/** Binary XML of event logs (MS-EVEN6 §2.2.12; libevtx's description of the format): a record's template and its values. */
import { ByteReader, DamagedError } from "./byte-reader.ts";
import { readValue, type Scalar } from "./values.ts";

export interface Element {
  readonly name: string;
  readonly attributes: readonly { readonly name: string; readonly parts: readonly Part[] }[];
  readonly parts: readonly Part[];
}

/** What an element or an attribute holds; a slot takes one of the values of the fragment that it stands in. */
export type Part =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "element"; readonly element: Element }
  | { readonly kind: "fragment"; readonly fragment: Fragment }
  | { readonly kind: "slot"; readonly index: number };

export type Value = Scalar | readonly Scalar[] | Fragment;

/** An element with the values of its slots. */
export interface Fragment {
  readonly element: Element;
  readonly values: readonly Value[];
}

/** How deep elements and values stand in each other. */
const MOST_DEEP = 64;
const TEMPLATE_HEADER_BYTES = 24;
const BINARY_XML = 0x21;
/** Marks an element that has attributes, or an attribute that others follow. */
const MORE = 0x40;
const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
};

const END = 0x00;
const OPEN_ELEMENT = 0x01;
const CLOSE_START = 0x02;
const CLOSE_EMPTY = 0x03;
const END_ELEMENT = 0x04;
const TEXT = 0x05;
const ATTRIBUTE = 0x06;
const CDATA = 0x07;
const CHARACTER = 0x08;
const ENTITY = 0x09;
const INSTRUCTION = 0x0a;
const INSTRUCTION_DATA = 0x0b;
const TEMPLATE = 0x0c;
const SLOT = 0x0d;
const OPTIONAL_SLOT = 0x0e;
const HEADER = 0x0f;

/** Reads the records of one chunk, which share names and templates. */
export class BinaryXml {
  readonly #chunk: Buffer;
  readonly #names = new Map<number, string>();
  readonly #templates = new Map<number, Element | undefined>();

  constructor(chunk: Buffer) {
    this.#chunk = chunk;
  }

  /** Reads what stands between two positions; throws DamagedError. */
  read(from: number, to: number): Fragment {
    return this.#fragment(new ByteReader(this.#chunk, from, to), true, 0);
  }

  /** `isTop`: not of a value; there elements have a number that says which value they depend on. */
  #fragment(reader: ByteReader, isTop: boolean, depth: number): Fragment {
    if (depth > MOST_DEEP) {
      throw new DamagedError("it is nested too deep");
    }
    for (;;) {
      const token = reader.u8();
      switch (token & ~MORE) {
        case HEADER:
          reader.skip(3);
          break;
        case INSTRUCTION:
          this.#skipInstruction(reader);
          break;
        case TEMPLATE:
          return this.#instance(reader, depth);
        case OPEN_ELEMENT:
          return { element: this.#element(reader, token, isTop, depth), values: [] };
        default:
          throw new DamagedError(`no element begins with ${token}`);
      }
    }
  }

  #instance(reader: ByteReader, depth: number): Fragment {
    reader.skip(5);
    const at = reader.u32();
    const isHere = at === reader.at;
    const element = this.#template(at, depth);
    if (isHere) {
      reader.skip(TEMPLATE_HEADER_BYTES - 4);
      reader.skip(reader.u32());
    }
    const count = reader.u32();
    if (count * 4 > reader.left) {
      throw new DamagedError("it has fewer values than it says");
    }
    const kinds = Array.from({ length: count }, () => {
      const size = reader.u16();
      const type = reader.u8();
      reader.skip(1);
      return { size, type };
    });
    const values = kinds.map(({ size, type }): Value => {
      const start = reader.skip(size);
      const own = new ByteReader(this.#chunk, start, start + size);
      if (type !== BINARY_XML) {
        return readValue(own, type, size);
      }
      return size === 0 ? null : this.#fragment(own, false, depth + 1);
    });
    return { element, values };
  }

  #template(at: number, depth: number): Element {
    if (this.#templates.has(at)) {
      const known = this.#templates.get(at);
      if (known === undefined) {
        throw new DamagedError("a template is part of itself, or damaged");
      }
      return known;
    }
    // Until it is read, it may not be asked for.
    this.#templates.set(at, undefined);
    const header = new ByteReader(this.#chunk, at, this.#chunk.length);
    header.skip(TEMPLATE_HEADER_BYTES - 4);
    const size = header.u32();
    const body = new ByteReader(this.#chunk, header.at, header.at + size);
    const { element } = this.#fragment(body, true, depth + 1);
    this.#templates.set(at, element);
    return element;
  }

  #element(reader: ByteReader, token: number, isTop: boolean, depth: number): Element {
    if (depth > MOST_DEEP) {
      throw new DamagedError("it is nested too deep");
    }
    if (isTop) {
      reader.skip(2);
    }
    reader.skip(4);
    const name = this.#name(reader);
    const attributes: { name: string; parts: readonly Part[] }[] = [];
    if ((token & MORE) !== 0) {
      reader.skip(4);
      while ((reader.peek() & ~MORE) === ATTRIBUTE) {
        reader.skip(1);
        const attribute = this.#name(reader);
        attributes.push({ name: attribute, parts: this.#parts(reader, isTop, depth) });
      }
    }
    const close = reader.u8();
    if (close === CLOSE_EMPTY) {
      return { name, attributes, parts: [] };
    }
    if (close !== CLOSE_START) {
      throw new DamagedError(`the start of an element ends with ${close}`);
    }
    const parts = this.#parts(reader, isTop, depth);
    const end = reader.u8();
    if (end !== END_ELEMENT) {
      throw new DamagedError(`an element ends with ${end}`);
    }
    return { name, attributes, parts };
  }

  /** What stands in an element or attribute; ends before what is no part of it. */
  #parts(reader: ByteReader, isTop: boolean, depth: number): readonly Part[] {
    const parts: Part[] = [];
    for (;;) {
      const token = reader.peek();
      switch (token & ~MORE) {
        case TEXT: {
          reader.skip(2);
          parts.push({ kind: "text", text: reader.utf16(reader.u16()) });
          break;
        }
        case CDATA:
          reader.skip(1);
          parts.push({ kind: "text", text: reader.utf16(reader.u16()) });
          break;
        case CHARACTER:
          reader.skip(1);
          parts.push({ kind: "text", text: String.fromCharCode(reader.u16()) });
          break;
        case ENTITY: {
          reader.skip(1);
          const name = this.#name(reader);
          parts.push({ kind: "text", text: ENTITIES[name] ?? `&${name};` });
          break;
        }
        case INSTRUCTION:
          reader.skip(1);
          this.#skipInstruction(reader);
          break;
        case SLOT:
        case OPTIONAL_SLOT: {
          reader.skip(1);
          const index = reader.u16();
          reader.skip(1);
          parts.push({ kind: "slot", index });
          break;
        }
        case TEMPLATE:
          reader.skip(1);
          parts.push({ kind: "fragment", fragment: this.#instance(reader, depth + 1) });
          break;
        case OPEN_ELEMENT:
          reader.skip(1);
          parts.push({
            kind: "element",
            element: this.#element(reader, token, isTop, depth + 1),
          });
          break;
        case END:
        case HEADER:
          throw new DamagedError("an element has no end");
        default:
          return parts;
      }
    }
  }

  #skipInstruction(reader: ByteReader): void {
    this.#name(reader);
    if (reader.peek() === INSTRUCTION_DATA) {
      reader.skip(1);
      reader.utf16(reader.u16());
    }
  }

  /** A name stands where it was used first in the chunk, and is led to from elsewhere. */
  #name(reader: ByteReader): string {
    const at = reader.u32();
    const isHere = at === reader.at;
    const own = isHere ? reader : new ByteReader(this.#chunk, at, this.#chunk.length);
    const known = isHere ? undefined : this.#names.get(at);
    if (known !== undefined) {
      return known;
    }
    own.skip(6);
    const name = own.utf16(own.u16());
    own.skip(2);
    this.#names.set(at, name);
    return name;
  }
}
