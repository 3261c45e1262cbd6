import type { TextKey } from "../i18n/en.ts";
import { Dialog } from "../parts/dialog.tsx";
import { t } from "../words.ts";

const KEYS: readonly (readonly [keys: readonly string[], text: TextKey])[] = [
  [["/"], "help.search"],
  [["j", "↓"], "help.next"],
  [["k", "↑"], "help.previous"],
  [["Enter"], "help.open"],
  [["x"], "help.select"],
  [["a"], "help.acknowledge"],
  [["c"], "help.close"],
  [["g a", "g i", "g m", "g c"], "help.go"],
  [["?"], "help.help"],
];

export function Help({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title={t("app.help")} onClose={onClose}>
      <dl class="keys">
        {KEYS.map(([keys, text]) => (
          <div key={text}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{t(text)}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog">
        <button type="submit" class="button">
          {t("app.close")}
        </button>
      </form>
    </Dialog>
  );
}
