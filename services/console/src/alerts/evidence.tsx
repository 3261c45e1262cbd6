import type { Alert, SeenEvent } from "../api/answers.ts";
import { Time } from "../parts/badge.tsx";
import { Data } from "../parts/data.tsx";
import { Why } from "../parts/why.tsx";
import { writePlace } from "../route.ts";
import { eventName, t } from "../words.ts";

/** The events behind an alert by time, each with what of it matched and why. */
export function EvidenceList({ alert }: { readonly alert: Alert }) {
  return (
    <section aria-labelledby="evidence">
      <h2 id="evidence">{t("alert.evidence")}</h2>
      {alert.count > alert.evidence.length && (
        <p class="muted">
          {t("alert.evidenceSome", { shown: alert.evidence.length, n: alert.count })}
        </p>
      )}
      <ol class="evidence">
        {alert.evidence.map((event) => (
          <li key={`${event.partition} ${event.position}`}>
            <Event event={event} />
            {event.companions?.map((companion) => (
              <div class="companion" key={`${companion.partition} ${companion.position}`}>
                <p class="muted">{t("alert.together")}</p>
                <Event event={companion} />
              </div>
            ))}
          </li>
        ))}
      </ol>
    </section>
  );
}

function Event({ event }: { readonly event: SeenEvent }) {
  const { eventId, time, layout, why, ref } = event;
  return (
    <article class="event">
      <header>
        <strong>{eventName(eventId)}</strong>
        <span class="event-id">Sysmon {eventId}</span>
        <Time iso={time} />
      </header>
      {why.map((reason, i) => (
        <Why key={i} reason={reason} />
      ))}
      <footer class="muted">
        {t("alert.locator")} <Data value={event.event} limit={120} /> · {t("alert.layout")} {layout}{" "}
        · <a href={writePlace("hunt", ref)}>{t("alert.around")}</a>
      </footer>
    </article>
  );
}
