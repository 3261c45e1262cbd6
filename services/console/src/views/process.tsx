import { ProcessTreeView } from "../hunt/process-tree.tsx";
import { Name } from "../parts/data.tsx";
import { Empty } from "../parts/states.tsx";
import { place, writePlace } from "../route.ts";
import { t } from "../words.ts";

/** A process of a host, with what started it, what it started, and what each did. */
export function ProcessView({ id }: { readonly id: string }) {
  const host = place.value.query.get("host") ?? "";
  return (
    <div class="view wide">
      <p class="crumb">
        <a href={writePlace("hunt")}>← {t("nav.hunt")}</a>
      </p>
      <div class="head">
        <h1>{t("tree.title")}</h1>
        <span class="muted">
          <Name value={host} />
        </span>
      </div>
      <ProcessTreeView host={host} process={id} />
    </div>
  );
}

/** Without a process there is nothing to show. */
export function NoProcessView() {
  return (
    <div class="view">
      <div class="head">
        <h1>{t("tree.title")}</h1>
      </div>
      <Empty title={t("tree.none")} why={t("tree.noneWhy")}>
        <a class="button" href={writePlace("hunt")}>
          {t("nav.hunt")}
        </a>
      </Empty>
    </div>
  );
}
