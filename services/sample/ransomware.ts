import type { Infection, PlantedProcess, Program } from "./infection.ts";
import { component, tool } from "./infection.ts";
import * as sysmon from "./sysmon-fields.ts";
import * as wannacry from "./wannacry.ts";

const USER_FILES = ["budget", "contract", "minutes", "offer", "plan", "photo", "thesis", "list"];
const EXTENSIONS = [".docx", ".xlsx", ".pdf", ".jpg", ".pptx", ".zip"];

/** The ransomware proper: unpacks, marks itself in the registry, encrypts, hides; returns its process. */
export function encrypt(story: Infection, name: string): PlantedProcess {
  const folder = `C:\\ProgramData\\${name}`;
  const shell = story.start(
    story.resident("services.exe"),
    tool("cmd.exe", `cmd.exe /c "${folder}\\tasksche.exe"`),
  );
  const program = component(
    wannacry.TASKSCHE,
    `${folder}\\tasksche.exe`,
    `${folder}\\tasksche.exe`,
    ["hash-tasksche"],
  );
  const main = story.start(shell, program);
  story.loadSelf(main, program, ["hash-tasksche"]);
  const key = "HKLM\\SOFTWARE\\WanaCrypt0r";
  story.act(main, 12, (t) => sysmon.registryChange(main, t, "CreateKey", key), ["wanacrypt0r-key"]);
  story.act(main, 13, (t) => sysmon.registryChange(main, t, "SetValue", `${key}\\wd`, folder), [
    "wanacrypt0r-key",
  ]);
  for (const file of [
    "b.wnry",
    "c.wnry",
    "r.wnry",
    "s.wnry",
    "t.wnry",
    "u.wnry",
    "msg\\m_english.wnry",
  ]) {
    story.create(main, `${folder}\\${file}`);
  }
  for (const file of [wannacry.TASKDL.name, wannacry.TASKSE.name, wannacry.DECRYPTOR.name]) {
    story.create(main, `${folder}\\${file}`);
  }
  story.end(story.start(main, tool("attrib.exe", "attrib +h .")));
  story.end(
    story.start(main, tool("icacls.exe", "icacls . /grant Everyone:F /T /C /Q", ["icacls-name"])),
  );

  const batch = `${story.random.between(10_000_000, 399_999_999)}.bat`;
  story.create(main, `${folder}\\${batch}`);
  const script = story.start(main, tool("cmd.exe", `cmd.exe /c ${batch}`));
  story.create(script, `${folder}\\m.vbs`);
  const host = story.start(script, tool("cscript.exe", "cscript.exe //nologo m.vbs"));
  story.create(host, `${folder}\\${wannacry.DECRYPTOR.name}.lnk`);
  story.end(host);
  story.end(script);
  for (const place of ["Desktop", "Documents", "Pictures"]) {
    const root = `C:\\Users\\${story.host.account}\\${place}`;
    for (let i = 0; i < 24; i++) {
      const file = `${root}\\${story.random.pick(USER_FILES)}-${i}${story.random.pick(EXTENSIONS)}`;
      if (i % 4 === 0) story.create(main, `${file}.WNCRYT`);
      story.create(main, `${file}.WNCRY`, ["wncry-files"]);
    }
    story.create(main, `${root}\\${wannacry.RANSOM_NOTE}`, ["ransom-note"]);
    story.create(main, `${root}\\${wannacry.DECRYPTOR.name}`);
  }
  const cleaner = component(wannacry.TASKDL, `${folder}\\taskdl.exe`, "taskdl.exe", [
    "hash-taskdl",
  ]);
  const taskdl = story.start(main, cleaner);
  for (let i = 0; i < 3; i++) {
    const file = `C:\\Windows\\Temp\\hibsys-${i}.WNCRYT`;
    story.act(taskdl, 23, (time) => sysmon.fileDelete(taskdl, time, file, true));
  }
  story.end(taskdl);
  return main;
}

/** The Run key, the ransom window, Tor, and the deletion of the shadow copies. */
export function demandRansom(story: Infection, main: PlantedProcess, name: string): void {
  const folder = `C:\\ProgramData\\${name}`;
  const runKey = "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run";
  const add = `reg add ${runKey} /v "${name}" /t REG_SZ /d "\\"${folder}\\tasksche.exe\\"" /f`;
  const addShell = story.start(main, tool("cmd.exe", `cmd.exe /c ${add}`));
  const reg = story.start(addShell, tool("reg.exe", add));
  const value = `"${folder}\\tasksche.exe"`;
  story.act(
    reg,
    13,
    (t) => sysmon.registryChange(reg, t, "SetValue", `${runKey}\\${name}`, value),
    ["run-key"],
  );
  story.end(reg);
  story.end(addShell);

  const decryptor = (parent: PlantedProcess, line: string): PlantedProcess =>
    story.start(
      parent,
      component(wannacry.DECRYPTOR, `${folder}\\${wannacry.DECRYPTOR.name}`, line, [
        "hash-decryptor",
      ]),
    );
  const client = decryptor(main, "@WanaDecryptor@.exe co");
  const tor = `${folder}\\TaskData\\Tor\\${wannacry.TOR_CLIENT}`;
  story.create(client, `${folder}\\TaskData\\Tor\\tor.exe`);
  story.create(client, tor);
  const torProcess = story.start(
    client,
    tool(tor, `TaskData\\Tor\\${wannacry.TOR_CLIENT}`, ["file-names"]),
  );
  story.connect(client, "127.0.0.1", 9050);
  for (let i = 0; i < 6; i++) {
    const relay = `203.0.113.${story.random.between(2, 250)}`;
    story.connect(torProcess, relay, i % 2 === 0 ? 9001 : 443, ["tor-range"]);
  }
  const starter = story.start(main, tool("cmd.exe", "cmd.exe /c start /b @WanaDecryptor@.exe vs"));
  const wiper = decryptor(starter, "@WanaDecryptor@.exe vs");
  story.end(starter);
  const line = wannacry.SHADOW_COPY_DELETION;
  const shell = story.start(wiper, { ...tool("cmd.exe", line), lineHits: ["shadow-copies"] });
  const children: readonly Program[] = [
    {
      ...tool("vssadmin.exe", "vssadmin delete shadows /all /quiet"),
      lineHits: ["shadow-copies"],
      createHits: ["vssadmin-arguments"],
    },
    tool("wbem\\WMIC.exe", "wmic shadowcopy delete"),
    tool("bcdedit.exe", "bcdedit /set {default} bootstatuspolicy ignoreallfailures"),
    tool("bcdedit.exe", "bcdedit /set {default} recoveryenabled no"),
    tool("wbadmin.exe", "wbadmin delete catalog -quiet"),
  ];
  for (const child of children) story.end(story.start(shell, child));
  story.end(shell);
  story.end(wiper);
  const taskse = component(
    wannacry.TASKSE,
    `${folder}\\taskse.exe`,
    `taskse.exe ${folder}\\@WanaDecryptor@.exe`,
    ["hash-taskse"],
  );
  const starterTwo = story.start(main, taskse);
  decryptor(starterTwo, `${folder}\\@WanaDecryptor@.exe`);
  story.end(starterTwo);
}
