import type { AuditEntry } from "../api/answers.ts";
import { usePolled } from "../api/use-polled.ts";
import { Time } from "../parts/badge.tsx";
import { Line } from "../parts/data.tsx";
import { Problem } from "../parts/states.tsx";
import { t } from "../words.ts";

export function AuditLog() {
  const { data, problem, refresh } = usePolled<{ entries: readonly AuditEntry[] }>("/api/v1/audit?limit=20"); // prettier-ignore
  return (
    <section class="card wide">
      <h2>{t("settings.audit")}</h2>
      {problem !== undefined && <Problem problem={problem} retry={refresh} />}
      {data?.entries.length === 0 && <p class="muted">{t("settings.auditNone")}</p>}
      {data !== undefined && data.entries.length > 0 && (
        <table class="rows">
          <thead>
            <tr>
              <th>{t("imports.when")}</th>
              <th>{t("suppressions.by")}</th>
              <th>{t("settings.auditAction")}</th>
              <th>{t("indicator.id")}</th>
            </tr>
          </thead>
          <tbody>
            {data.entries.map(({ at, by, action, subject }, i) => (
              <tr key={i}>
                <td class="when">
                  <Time iso={at} />
                </td>
                <td>
                  <Line value={by === "local" ? t("alert.local") : by} mono={false} />
                </td>
                <td>
                  <Line value={action} />
                </td>
                <td>
                  <Line value={subject} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
