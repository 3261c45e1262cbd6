import { useEffect, useMemo, useState } from "preact/hooks";
import { ApiProblem, read, withQuery } from "../api/client.ts";
import { Time } from "../parts/badge.tsx";
import { Data, Line, Name } from "../parts/data.tsx";
import { Loading, Problem } from "../parts/states.tsx";
import { writePlace } from "../route.ts";
import { count, eventName, t } from "../words.ts";
import type { ProcessNode, ProcessTree } from "./answers.ts";
import { baseName, treeRows, type TreeRow } from "./tree-rows.ts";

interface Props {
  readonly host: string;
  readonly process: string;
}

/** The processes around one, and what the one that is chosen did. */
export function ProcessTreeView({ host, process }: Props) {
  const [tree, setTree] = useState<ProcessTree>();
  const [problem, setProblem] = useState<ApiProblem>();
  const [chosen, setChosen] = useState<string>();
  const load = async (): Promise<void> => {
    setProblem(undefined);
    try {
      const got = await read<ProcessTree>(withQuery("/api/v1/process-tree", { host, process, depth: "4", activities: "50" })); // prettier-ignore
      setTree(got);
      setChosen(got.focus);
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      setProblem(error);
    }
  };
  useEffect(() => {
    setTree(undefined);
    void load();
  }, [host, process]);
  if (problem !== undefined) return <Problem problem={problem} retry={() => void load()} />;
  if (tree === undefined) return <Loading />;
  const node = tree.nodes.find((one) => one.process === chosen);
  return (
    <div class="tree-split">
      <Rows tree={tree} chosen={chosen} choose={setChosen} />
      {node !== undefined && <Details key={node.process} node={node} host={host} />}
    </div>
  );
}

function Rows({
  tree,
  chosen,
  choose,
}: {
  readonly tree: ProcessTree;
  readonly chosen: string | undefined;
  readonly choose: (process: string) => void;
}) {
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
  const rows = useMemo(() => treeRows(tree, folded, unfolded), [tree, folded, unfolded]);
  const toggle = (process: string): void => {
    const next = new Set(folded);
    if (!next.delete(process)) next.add(process);
    setFolded(next);
  };
  return (
    <div class="tree-box">
      {!tree.complete && <p class="warn">{t("tree.incomplete")}</p>}
      <ul class="tree" aria-label={t("tree.title")}>
        {rows.map((row) => (
          <Row
            key={row.node.process}
            row={row}
            isFocus={row.node.process === tree.focus}
            isChosen={row.node.process === chosen}
            choose={choose}
            toggle={toggle}
            showAll={(process) => setUnfolded(new Set([...unfolded, process]))}
          />
        ))}
      </ul>
    </div>
  );
}

function Row({
  row: { node, depth, hidden, isFolded },
  isFocus,
  isChosen,
  choose,
  toggle,
  showAll,
}: {
  readonly row: TreeRow;
  readonly isFocus: boolean;
  readonly isChosen: boolean;
  readonly choose: (process: string) => void;
  readonly toggle: (process: string) => void;
  readonly showAll: (process: string) => void;
}) {
  const { process, image, pid, isInferred, children } = node;
  const kinds = isFocus ? "tree-node tree-focus" : "tree-node";
  return (
    <li class="tree-row" data-row data-depth={Math.min(depth, 12)}>
      <div class={kinds}>
        {children.length > 0 ? (
          <button
            type="button"
            class="tree-fold"
            aria-expanded={!isFolded}
            aria-label={t(isFolded ? "tree.unfold" : "tree.fold", { n: node.childCount })}
            onClick={() => toggle(process)}
          >
            {isFolded ? "+" : "−"}
          </button>
        ) : (
          <span class="tree-leaf" aria-hidden="true" />
        )}
        <button
          type="button"
          data-main
          class="tree-name"
          aria-pressed={isChosen}
          onClick={() => choose(process)}
        >
          <strong class={isInferred ? "tree-inferred" : ""}>
            <Name value={image === "" ? t("tree.unknown") : baseName(image)} />
          </strong>
          {pid !== "" && <span class="muted tree-pid">{pid}</span>}
          <span class="tree-line">
            <Line value={node.commandLine} />
          </span>
        </button>
        <Counts node={node} />
      </div>
      {hidden > 0 && !isFolded && (
        <p class="tree-more">
          {node.children.length > 30 ? (
            <button type="button" class="link" onClick={() => showAll(process)}>
              {t("tree.more", { n: hidden })}
            </button>
          ) : (
            <span class="muted">{t("tree.more", { n: hidden })}</span>
          )}
        </p>
      )}
    </li>
  );
}

function Counts({ node: { counts } }: { readonly node: ProcessNode }) {
  return (
    <span class="tree-counts">
      {Object.entries(counts).map(([id, n]) => (
        <span key={id} class="tree-count" title={eventName(Number(id))}>
          {eventName(Number(id))} {count(n)}
        </span>
      ))}
    </span>
  );
}

function Details({ node, host }: { readonly node: ProcessNode; readonly host: string }) {
  const facts: readonly (readonly [label: string, value: string])[] = [
    [t("tree.image"), node.image],
    [t("tree.commandLine"), node.commandLine],
    [t("tree.user"), node.user],
    [t("tree.directory"), node.directory],
    [t("tree.integrity"), node.integrityLevel],
    ...Object.entries(node.hashes),
  ];
  return (
    <aside class="card tree-details" aria-label={t("tree.details")}>
      <h3>
        <Name value={node.image === "" ? t("tree.unknown") : baseName(node.image)} />
      </h3>
      {node.isInferred && <p class="muted">{t("tree.inferred")}</p>}
      <dl class="facts">
        {facts
          .filter(([, value]) => value !== "")
          .map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>
                <Data value={value} limit={300} />
              </dd>
            </div>
          ))}
        <div>
          <dt>{t("tree.lived")}</dt>
          <dd>
            <Time iso={node.start} /> – <Time iso={node.end} />
          </dd>
        </div>
      </dl>
      <p>
        <a href={writePlace("processes", node.process, { host })}>{t("tree.own")}</a>
      </p>
      {!node.isOpen && <p class="muted">{t("tree.closed")}</p>}
      <Activities node={node} host={host} />
    </aside>
  );
}

function Activities({ node, host }: { readonly node: ProcessNode; readonly host: string }) {
  return (
    <>
      {Object.entries(node.counts).map(([id, n]) => {
        const some = node.activities.filter(({ eventId }) => eventId === Number(id));
        return (
          <details key={id} open={n <= 10}>
            <summary>
              {eventName(Number(id))} <span class="muted">{count(n)}</span>
            </summary>
            <ol class="activities">
              {some.map(({ event, time, object, other }) => (
                <li key={event}>
                  <a href={writePlace("hunt", event)}>
                    <Time iso={time} />
                  </a>
                  {other === null ? (
                    <Data value={object} limit={200} />
                  ) : (
                    <a href={writePlace("processes", other.process, { host })}>
                      {other.isActor ? "← " : "→ "}
                      <Name value={other.image} />
                    </a>
                  )}
                </li>
              ))}
            </ol>
            {n > some.length && <p class="muted">{t("tree.more", { n: n - some.length })}</p>}
          </details>
        );
      })}
    </>
  );
}
