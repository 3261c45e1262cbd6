/**
 * Publicly known facts about the WannaCry outbreak of May 2017 (US-CERT alert TA17-132A and the analyses of that month):
 * file hashes, names and the kill-switch domain. Only text; nothing in here can run.
 */

/** A component of WannaCry with its published hashes. */
export interface WannaCryFile {
  readonly name: string;
  readonly md5: string;
  readonly sha256: string;
  /** The name its version resource pretends. */
  readonly originalFileName: string;
}

export const MSSECSVC: WannaCryFile = {
  name: "mssecsvc.exe",
  md5: "db349b97c37d22f5ea1d1841e3c89eb4",
  sha256: "24d004a104d4d54034dbcffc2a4b19a11f39008a575aa614ea04703480b1022c",
  originalFileName: "lhdfrgui.exe",
};

export const TASKSCHE: WannaCryFile = {
  name: "tasksche.exe",
  md5: "84c82835a5d21bbcf75a61706d8ab549",
  sha256: "ed01ebfbc9eb5bbea545af4d01bf5f1071661840480439c6e5babe8e080e41aa",
  originalFileName: "diskpart.exe",
};

export const DECRYPTOR: WannaCryFile = {
  name: "@WanaDecryptor@.exe",
  md5: "7bf2b57f2a205768755c07f238fb32cc",
  sha256: "b9c5d4339809e0ad9a00d4d3dd26fdf44a32819a54abf846bb9b560d81391c25",
  originalFileName: "LODCTR.EXE",
};

export const TASKDL: WannaCryFile = {
  name: "taskdl.exe",
  md5: "4fef5e34143e646dbf9907c4374276f5",
  sha256: "4a468603fdcb7a2eb5770705898cf9ef37aade532a7964642ecd705a74794b79",
  originalFileName: "cliconfg.exe",
};

export const TASKSE: WannaCryFile = {
  name: "taskse.exe",
  md5: "8495400f199ac77853c53b5a3f278f3e",
  sha256: "2ca2d550e603d74dedda03156023135b38da3630cb014e3d00b1263358c5f00d",
  originalFileName: "waitfor.exe",
};

/** The Tor client it unpacks; named here, its hash is invented in the sample. */
export const TOR_CLIENT = "taskhsvc.exe";

export const KILL_SWITCH = "www.iuqerfsodp9ifjaposdfjhgosurijfaewrwergwea.com";

export const RANSOM_NOTE = "@Please_Read_Me@.txt";

/** Stands for Tor relays in the sample: a range reserved for documentation (RFC 5737). */
export const TOR_RANGE = "203.0.113.0/24";

export const SHADOW_COPY_DELETION =
  "cmd.exe /c vssadmin delete shadows /all /quiet & wmic shadowcopy delete & " +
  "bcdedit /set {default} bootstatuspolicy ignoreallfailures & bcdedit /set {default} recoveryenabled no & " +
  "wbadmin delete catalog -quiet";

/** Names that the file name indicator lists. */
export const WANNACRY_FILE_NAMES: readonly string[] = [
  MSSECSVC.name,
  TASKSCHE.name,
  DECRYPTOR.name,
  TASKDL.name,
  TASKSE.name,
  TOR_CLIENT,
];
