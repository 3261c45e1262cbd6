import type { AlertStatus, EntryStatus, Severity } from "../api/answers.ts";
import { ago, t, time } from "../words.ts";
import { Name } from "./data.tsx";

/** A day, of times whose hour says nothing. */
export function Day({ iso }: { readonly iso: string }) {
  return (
    <time dateTime={iso} title={time(iso)} class="time">
      {time(iso).slice(0, 10)}
    </time>
  );
}

/** Day and hour in two lines. */
export function Stamp({ iso }: { readonly iso: string | null }) {
  if (iso === null) return <span class="muted">–</span>;
  const [day, hour] = time(iso).split(" ");
  return (
    <time dateTime={iso} title={ago(iso)} class="time stamp">
      <span>{day}</span> <small>{hour}</small>
    </time>
  );
}

/** Colour, shape and word: none of them alone. */
export function SeverityBadge({ severity }: { readonly severity: Severity }) {
  return <span class={`severity severity-${severity}`}>{t(`severity.${severity}`)}</span>;
}

export function StatusBadge({ status }: { readonly status: AlertStatus }) {
  return <span class={`status status-${status}`}>{t(`status.${status}`)}</span>;
}

export function EntryBadge({ status }: { readonly status: EntryStatus }) {
  return <span class={`entry entry-${status}`}>{t(`entry.${status}`)}</span>;
}

export function Tag({ value }: { readonly value: string }) {
  return (
    <span class="tag">
      <Name value={value} />
    </span>
  );
}

export function Time({
  iso,
  relative = false,
}: {
  readonly iso: string | null;
  readonly relative?: boolean;
}) {
  if (iso === null) return <span class="muted">–</span>;
  return (
    <time dateTime={iso} title={relative ? time(iso) : ago(iso)} class="time">
      {relative ? ago(iso) : time(iso)}
    </time>
  );
}
