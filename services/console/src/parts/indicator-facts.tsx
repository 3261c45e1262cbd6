import type { ComponentChildren } from "preact";
import type { Indicator } from "../api/answers.ts";
import { say, t } from "../words.ts";
import { Day, Tag } from "./badge.tsx";
import { Data, Name } from "./data.tsx";

/** What a feed says of an indicator, beside its pattern. */
export function IndicatorFacts({ indicator }: { readonly indicator: Indicator }) {
  const { feed, confidence, labels, markings, killChain, context, notes, id } = indicator;
  // Markings that are only referred to have no name that would say anything.
  const named = markings.filter((one) => !one.startsWith("marking-definition--"));
  return (
    <dl class="facts">
      {context.map((one) => (
        <div key={`${one.relationship} ${one.id}`}>
          <dt>
            <Name value={`${one.relationship} ${one.type}`} />
          </dt>
          <dd>
            <strong>
              <Name value={one.name === "" ? one.id : one.name} />
            </strong>
          </dd>
        </div>
      ))}
      <Fact title={t("indicator.feed")}>
        <Name value={feed} />
      </Fact>
      {confidence !== null && <Fact title={t("indicator.confidence")}>{confidence} / 100</Fact>}
      <Fact title={t("indicator.valid")}>
        <Validity indicator={indicator} />
      </Fact>
      <Tags title={t("indicator.labels")} values={labels} />
      <Tags title={t("indicator.markings")} values={named} />
      <Tags title={t("indicator.killChain")} values={killChain} />
      {notes.length > 0 && (
        <Fact title={t("indicator.notes")}>
          {notes.map((note) => (
            <p key={note}>
              <Data value={note} prose />
            </p>
          ))}
        </Fact>
      )}
      <Fact title={t("indicator.id")}>
        <Data value={id} />
      </Fact>
    </dl>
  );
}

export function Validity({ indicator }: { readonly indicator: Indicator }) {
  const { validFrom, validUntil, revoked } = indicator;
  const isExpired = validUntil !== null && Date.parse(validUntil) <= Date.now();
  return (
    <>
      {revoked && <span class="flag">{t("indicator.revoked")}</span>}
      {isExpired && !revoked && <span class="flag">{t("indicator.expired")}</span>}
      {validFrom === null && validUntil === null
        ? t("indicator.always")
        : [
            validFrom !== null && say("indicator.from", { time: <Day iso={validFrom} /> }),
            " ",
            validUntil !== null && say("indicator.until", { time: <Day iso={validUntil} /> }),
          ]}
    </>
  );
}

function Tags({ title, values }: { readonly title: string; readonly values: readonly string[] }) {
  return values.length === 0 ? null : (
    <Fact title={title}>
      {values.map((value) => (
        <Tag key={value} value={value} />
      ))}
    </Fact>
  );
}

function Fact({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ComponentChildren;
}) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}
