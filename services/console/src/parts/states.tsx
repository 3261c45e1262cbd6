/** What stands where there is nothing to see: not yet, not any, not possible. */
import type { ComponentChildren } from "preact";
import type { ApiProblem } from "../api/client.ts";
import { visibleText } from "../text/visible.ts";
import { t } from "../words.ts";

export function Loading() {
  return (
    <div class="loading" role="status">
      <span class="sr">{t("app.loading")}</span>
      {[92, 70, 84, 60].map((width) => (
        <div class="bone" style={{ width: `${width}%` }} />
      ))}
    </div>
  );
}

export function Empty({
  title,
  why,
  children,
}: {
  readonly title: string;
  readonly why?: string;
  readonly children?: ComponentChildren;
}) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {why !== undefined && <p>{why}</p>}
      {children}
    </div>
  );
}

export function Problem({
  problem,
  retry,
}: {
  readonly problem: ApiProblem;
  readonly retry?: () => void;
}) {
  return (
    <div class="problem" role="alert">
      <p>{describeProblem(problem)}</p>
      {retry !== undefined && (
        <button type="button" class="button" onClick={retry}>
          {t("app.retry")}
        </button>
      )}
    </div>
  );
}

/** A failure for people: by its code where we know it, else in the API's own words. */
export function describeProblem(problem: ApiProblem): string {
  if (problem.code === "network") return t("app.offline");
  const scope = /scope (\w+)/.exec(problem.message)?.[1];
  if (problem.code === "api/missing-scope" && scope !== undefined) {
    return t("app.notAllowed", { scope });
  }
  return t("app.failed", { detail: visibleText(problem.message) });
}
