/** Values out of logs and feeds: strangers wrote them. Text nodes only, what would not be seen made visible, long ones cut. */
import { useState } from "preact/hooks";
import type { Range } from "../text/comparison.ts";
import { cut, visible, visibleText } from "../text/visible.ts";
import { t } from "../words.ts";

const LIMIT = 400;

interface Props {
  readonly value: string;
  /** What of it matched. */
  readonly mark?: readonly Range[];
  readonly limit?: number;
  /** Written by people to be read, and not by machines. */
  readonly prose?: boolean;
}

export function Data({ value, mark = [], limit = LIMIT, prose = false }: Props) {
  const [isWhole, setWhole] = useState(false);
  const isLong = value.length > limit;
  const shown = isLong && !isWhole ? cut(value, limit) : value;
  return (
    <span class="data-box">
      <bdi class={prose ? "data prose" : "data"}>{marked(shown, mark)}</bdi>
      {isLong && (
        <button type="button" class="link" onClick={() => setWhole(!isWhole)}>
          {isWhole ? t("app.showLess") : t("app.showAll", { n: value.length })}
        </button>
      )}
    </span>
  );
}

/** One line of a value, for tables. */
export function Line({ value, mono = true }: { readonly value: string; readonly mono?: boolean }) {
  return (
    <bdi class={mono ? "data line" : "line"} title={visibleText(cut(value, 1000))}>
      <Segments text={cut(value, LIMIT)} />
    </bdi>
  );
}

/** A name in running text. */
export function Name({ value }: { readonly value: string }) {
  return (
    <bdi>
      <Segments text={cut(value, LIMIT)} />
    </bdi>
  );
}

function marked(text: string, ranges: readonly Range[]) {
  const parts = [];
  let at = 0;
  for (const [from, to] of ranges) {
    if (from >= text.length) break;
    parts.push(<Segments text={text.slice(at, from)} />);
    parts.push(
      <mark>
        <Segments text={text.slice(from, to)} />
      </mark>,
    );
    at = to;
  }
  parts.push(<Segments text={text.slice(at)} />);
  return parts;
}

function Segments({ text }: { readonly text: string }) {
  return (
    <>
      {visible(text).map(({ text: part, isHidden }) =>
        isHidden ? <span class="hidden-char">{part}</span> : part,
      )}
    </>
  );
}
