/** Places of the console as links: `#/alerts/ID?host=…`. The part after # never reaches a server or its log. */

export interface Place {
  readonly view: string;
  readonly id: string | undefined;
  readonly query: URLSearchParams;
}

/** Reads the part after #. */
export function readPlace(hash: string): Place {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const [view = "", id] = path.split("/");
  return {
    view: view === "" ? "alerts" : view,
    id: id === undefined || id === "" ? undefined : decode(id),
    query: new URLSearchParams(query),
  };
}

/** Writes it. */
export function writePlace(
  view: string,
  id?: string,
  query: Readonly<Record<string, string | undefined>> = {},
): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === "" ? [] : [[name, value] as [string, string]],
  );
  const text = new URLSearchParams(given).toString();
  return `#/${view}${id === undefined ? "" : `/${encodeURIComponent(id)}`}${text === "" ? "" : `?${text}`}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
