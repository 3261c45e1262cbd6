import type { Reason } from "../api/answers.ts";
import { highlight, readComparison } from "../text/comparison.ts";
import { pathName, say } from "../words.ts";
import { Data } from "./data.tsx";

/** Why an event matched: the comparison in words, and the value that met it with what met it marked. */
export function Why({ reason }: { readonly reason: Reason }) {
  const comparison = readComparison(reason.comparison);
  return (
    <div class="why">
      <p class="why-words">
        <Sentence reason={reason} />
      </p>
      <div class="why-value">
        <span class="why-field">
          <Data value={reason.field} />
        </span>
        <Data value={reason.value} mark={highlight(comparison, reason.value)} />
      </div>
    </div>
  );
}

function Sentence({ reason }: { readonly reason: Reason }) {
  const comparison = readComparison(reason.comparison);
  if (comparison === undefined) {
    return <>{say("why.other", { comparison: <Data value={reason.comparison} limit={200} /> })}</>;
  }
  const { path, operator, negated, constant } = comparison;
  const words = say(`why.${operator}`, {
    subject: <span title={path}>{pathName(path)}</span>,
    value: <Data value={constant} limit={200} />,
  });
  return <>{negated ? say("why.not", { sentence: <span>{words}</span> }) : words}</>;
}
