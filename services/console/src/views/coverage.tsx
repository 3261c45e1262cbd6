import type { Coverage, CoveragePartition, DeadJob, Plan } from "../api/answers.ts";
import { change } from "../api/client.ts";
import { usePolled } from "../api/use-polled.ts";
import { rectangles } from "../coverage/plane.ts";
import { Time } from "../parts/badge.tsx";
import { Data, Line } from "../parts/data.tsx";
import { attempt } from "../parts/notices.tsx";
import { Empty, Loading, Problem } from "../parts/states.tsx";
import { may } from "../session.ts";
import { writeDuration } from "../text/when.ts";
import { count, percent, t, time } from "../words.ts";

const EVERY = { everyMs: 2000 };
/** Logs that are drawn; of more the least covered. */
const MOST = 60;

export function CoverageView() {
  const coverage = usePolled<Coverage>("/api/v1/coverage", EVERY);
  const plan = usePolled<Plan>("/api/v1/plan?limit=20", EVERY);
  const { data, problem, refresh } = coverage;
  return (
    <div class="view">
      <div class="head">
        <h1>{t("coverage.title")}</h1>
        {plan.data !== undefined && may("admin") && <Pause plan={plan.data} done={plan.refresh} />}
      </div>
      <p class="muted intro">{t("coverage.intro")}</p>
      {problem !== undefined && <Problem problem={problem} retry={refresh} />}
      {data === undefined ? problem === undefined && <Loading /> : <Planes coverage={data} />}
      {plan.data !== undefined && <Next plan={plan.data} />}
      {data !== undefined && <Missing coverage={data} />}
      {may("admin") && <DeadJobs />}
    </div>
  );
}

function Planes({ coverage }: { readonly coverage: Coverage }) {
  const { ratio, covered, total, partitions } = coverage;
  if (partitions.length === 0) {
    return <Empty title={t("coverage.empty")} why={t("coverage.emptyWhy")} />;
  }
  const share = ({ covered: met, total: all }: CoveragePartition) => (all === 0 ? 1 : met / all);
  const shown = partitions.toSorted((a, b) => share(a) - share(b)).slice(0, MOST);
  return (
    <>
      <div class="card ratio">
        <p class="big">{t("coverage.ratio", { ratio: percent(ratio) })}</p>
        <p class="muted">{t("coverage.ratioWhy", { covered, total })}</p>
        <meter min={0} max={1} value={ratio} aria-label={t("coverage.title")} />
        <ul class="legend">
          <li class="key-covered">{t("coverage.covered")}</li>
          <li class="key-stale">{t("coverage.stale")}</li>
          <li class="key-uncovered">{t("coverage.uncovered")}</li>
        </ul>
      </div>
      <ul class="planes">
        {shown.map((partition) => (
          <li key={partition.id}>
            <Plane partition={partition} coverage={coverage} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Plane({
  partition,
  coverage: { revision, semantics },
}: {
  readonly partition: CoveragePartition;
  readonly coverage: Coverage;
}) {
  const { id, bound, reachable, unreachableSince, covered, total } = partition;
  const ratio = percent(total === 0 ? 1 : covered / total);
  const label = t("coverage.plane", { events: bound, patterns: revision, ratio });
  return (
    <figure class={reachable ? "plane" : "plane plane-lost"}>
      <svg viewBox="0 0 100 40" preserveAspectRatio="none" role="img" aria-label={label}>
        <rect class="uncovered" width="100" height="40" />
        {rectangles(partition, revision, semantics).map(({ x, width, height, isStale }) => (
          <rect
            key={x}
            class={isStale ? "stale" : "covered"}
            x={x * 100}
            width={width * 100}
            y={40 - height * 40}
            height={height * 40}
          />
        ))}
      </svg>
      <figcaption>
        <Line value={id} />
        <span>
          <strong>{ratio}</strong>
        </span>
        <span class="muted">{`${count(bound)} × ${count(revision)}`}</span>
        {!reachable && (
          <span class="warn">
            {unreachableSince === null
              ? t("coverage.unreachable")
              : t("coverage.unreachableSince", { time: time(unreachableSince) })}
          </span>
        )}
      </figcaption>
    </figure>
  );
}

function Pause({ plan, done }: { readonly plan: Plan; readonly done: () => void }) {
  const flip = async () => {
    await attempt(async () => {
      await change("POST", `/api/v1/plan/${plan.paused ? "resume" : "pause"}`);
    });
    done();
  };
  return (
    <button type="button" class="button end" onClick={() => void flip()}>
      {plan.paused ? t("coverage.resume") : t("coverage.pause")}
    </button>
  );
}

function Next({ plan }: { readonly plan: Plan }) {
  return (
    <section>
      <h2>{t("coverage.plan")}</h2>
      {plan.paused && <p class="warn">{t("coverage.paused")}</p>}
      {plan.jobs === 0 ? (
        <p class="muted">{t("coverage.idle")}</p>
      ) : (
        <>
          <p>{t("coverage.jobs", { n: plan.jobs, time: writeDuration(plan.estimateMs) })}</p>
          <table class="rows">
            <thead>
              <tr>
                <th>{t("coverage.partition")}</th>
                <th>{t("coverage.urgency")}</th>
                <th>{t("coverage.strategy")}</th>
                <th class="number">{t("coverage.range")}</th>
                <th class="number">{t("coverage.estimate")}</th>
              </tr>
            </thead>
            <tbody>
              {plan.next.map((job, i) => (
                <tr key={i}>
                  <td>
                    <Line value={job.partition} />
                  </td>
                  <td>{job.urgency}</td>
                  <td>{job.strategy}</td>
                  <td class="number">{`${count(job.from)} – ${count(job.to)}`}</td>
                  <td class="number">{writeDuration(job.estimateMs)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </section>
  );
}

function Missing({ coverage: { exceptions, limitations } }: { readonly coverage: Coverage }) {
  return (
    <>
      <section>
        <h2>{t("coverage.exceptions")}</h2>
        {exceptions.length === 0 && <p class="muted">{t("coverage.exceptionsNone")}</p>}
        <ul class="plain">
          {exceptions.slice(0, 100).map((one) => (
            <li key={`${one.pattern} ${one.partition}`}>
              <Data value={one.reason} prose />{" "}
              <span class="muted">
                {one.code} · <Data value={one.pattern} /> ·{" "}
                {one.partition === "*" ? t("coverage.everywhere") : <Data value={one.partition} />}
                {one.retryAt !== null && (
                  <>
                    {" · "}
                    {t("app.retry")} <Time iso={one.retryAt} />
                  </>
                )}
              </span>
            </li>
          ))}
        </ul>
      </section>
      {limitations.length > 0 && (
        <section>
          <h2>{t("coverage.limitations")}</h2>
          <ul class="plain">
            {limitations.map((one) => (
              <li key={`${one.code} ${one.subject}`}>
                <strong>
                  <Data value={one.subject} />
                </strong>{" "}
                <Data value={one.reason} /> <span class="muted">{one.code}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function DeadJobs() {
  const path = "/api/v1/dead-jobs";
  const { data, problem, refresh } = usePolled<{ jobs: readonly DeadJob[] }>(`${path}?limit=50`);
  const replay = async (id: string) => {
    await attempt(async () => {
      await change("POST", `${path}/${encodeURIComponent(id)}/replay`);
    });
    refresh();
  };
  return (
    <section>
      <h2>{t("coverage.dead")}</h2>
      {problem !== undefined && <Problem problem={problem} retry={refresh} />}
      {data?.jobs.length === 0 && <p class="muted">{t("coverage.deadNone")}</p>}
      <ul class="plain">
        {data?.jobs.map((job) => (
          <li key={job.id}>
            <strong>{job.queue}</strong> <Line value={job.name} />{" "}
            <Data value={job.reason} limit={300} /> <Time iso={job.failedAt} />{" "}
            <button type="button" class="button small" onClick={() => void replay(job.id)}>
              {t("coverage.replay")}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
