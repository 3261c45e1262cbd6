/** Whose account a program runs under. */
export type ProgramAccount = "system" | "network" | "local" | "user";

/** A program as Sysmon's version fields describe it; `%U%` in a path stands for the account name. */
export interface Program {
  readonly image: string;
  readonly version: string;
  readonly description: string;
  readonly product: string;
  readonly company: string;
  readonly originalFileName: string;
  readonly account: ProgramAccount;
  /** Base name of the usual parent. */
  readonly parent: string;
  readonly commandLines: readonly string[];
}

const S32 = "C:\\Windows\\System32";
const WINDOWS = "Microsoft® Windows® Operating System";
const MICROSOFT = "Microsoft Corporation";
const BUILD = "10.0.19041.3996 (WinBuild.160101.0800)";

/** The last part of a Windows path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("\\") + 1);
}

/** Describes a program that comes with Windows. */
export function windowsProgram(
  image: string,
  description: string,
  account: ProgramAccount,
  parent: string,
  commandLines: readonly string[],
): Program {
  const originalFileName = baseName(image).toUpperCase();
  const shared = { version: BUILD, product: WINDOWS, company: MICROSOFT };
  return { ...shared, image, description, originalFileName, account, parent, commandLines };
}

/** Describes a program of another maker. */
function application(
  image: string,
  [description, product, company, version]: readonly [string, string, string, string],
  parent: string,
  commandLines: readonly string[],
): Program {
  const originalFileName = baseName(image);
  const about = { version, description, product, company, originalFileName };
  return { ...about, image, account: "user", parent, commandLines };
}

/** Running from boot on, in this order; the first is the kernel's. */
export const RESIDENT_PROGRAMS: readonly Program[] = [
  windowsProgram("System", "-", "system", "", [""]),
  windowsProgram(`${S32}\\wininit.exe`, "Windows Start-Up Application", "system", "System", [
    "wininit.exe",
  ]),
  windowsProgram(`${S32}\\services.exe`, "Services and Controller app", "system", "wininit.exe", [
    `${S32}\\services.exe`,
  ]),
  windowsProgram(`${S32}\\lsass.exe`, "Local Security Authority Process", "system", "wininit.exe", [
    `${S32}\\lsass.exe`,
  ]),
  windowsProgram(
    `${S32}\\svchost.exe`,
    "Host Process for Windows Services",
    "system",
    "services.exe",
    [`${S32}\\svchost.exe -k netsvcs -p -s Schedule`, `${S32}\\svchost.exe -k DcomLaunch -p`],
  ),
  windowsProgram(
    `${S32}\\svchost.exe`,
    "Host Process for Windows Services",
    "network",
    "services.exe",
    [`${S32}\\svchost.exe -k NetworkService -p -s Dnscache`],
  ),
  windowsProgram(
    `${S32}\\svchost.exe`,
    "Host Process for Windows Services",
    "local",
    "services.exe",
    [`${S32}\\svchost.exe -k LocalServiceNetworkRestricted -p`],
  ),
  windowsProgram(`${S32}\\wbem\\WmiPrvSE.exe`, "WMI Provider Host", "network", "svchost.exe", [
    `${S32}\\wbem\\wmiprvse.exe -secured -Embedding`,
  ]),
  windowsProgram("C:\\Windows\\explorer.exe", "Windows Explorer", "user", "wininit.exe", [
    "C:\\Windows\\Explorer.EXE",
  ]),
];

/** Started in the course of a day, the most frequent first. */
export const EVERYDAY_PROGRAMS: readonly Program[] = [
  windowsProgram(
    `${S32}\\svchost.exe`,
    "Host Process for Windows Services",
    "system",
    "services.exe",
    [
      `${S32}\\svchost.exe -k wsappx -p`,
      `${S32}\\svchost.exe -k netsvcs -p -s BITS`,
      `${S32}\\svchost.exe -k netsvcs -p -s wlidsvc`,
    ],
  ),
  windowsProgram(`${S32}\\backgroundTaskHost.exe`, "Background Task Host", "user", "svchost.exe", [
    `"${S32}\\backgroundTaskHost.exe" -ServerName:App.AppXmtcan0h2tfbfy7k9kn8hbxb6dmzz1zh0.mca`,
  ]),
  windowsProgram(`${S32}\\conhost.exe`, "Console Window Host", "user", "explorer.exe", [
    "\\??\\C:\\Windows\\system32\\conhost.exe 0xffffffff -ForceV1",
  ]),
  application(
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
    ["Google Chrome", "Google Chrome", "Google LLC", "124.0.6367.202"],
    "explorer.exe",
    [
      '"C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe" --type=renderer --lang=en-US',
      '"C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe" --profile-directory=Default',
    ],
  ),
  windowsProgram(`${S32}\\RuntimeBroker.exe`, "Runtime Broker", "user", "svchost.exe", [
    `${S32}\\RuntimeBroker.exe -Embedding`,
  ]),
  windowsProgram(`${S32}\\taskhostw.exe`, "Host Process for Windows Tasks", "user", "svchost.exe", [
    "taskhostw.exe",
    "taskhostw.exe Install $(Arg0)",
  ]),
  windowsProgram(`${S32}\\dllhost.exe`, "COM Surrogate", "user", "svchost.exe", [
    `${S32}\\DllHost.exe /Processid:{AB8902B4-09CA-4BB6-B78D-A8F59079A8D5}`,
  ]),
  application(
    "C:\\Program Files\\Microsoft Office\\root\\Office16\\OUTLOOK.EXE",
    ["Microsoft Outlook", "Microsoft Office", MICROSOFT, "16.0.17425.20176"],
    "explorer.exe",
    ['"C:\\Program Files\\Microsoft Office\\root\\Office16\\OUTLOOK.EXE" /recycle'],
  ),
  application(
    "C:\\Program Files\\Microsoft Office\\root\\Office16\\EXCEL.EXE",
    ["Microsoft Excel", "Microsoft Office", MICROSOFT, "16.0.17425.20176"],
    "explorer.exe",
    ['"C:\\Program Files\\Microsoft Office\\root\\Office16\\EXCEL.EXE" "S:\\Finance\\budget.xlsx"'],
  ),
  application(
    "C:\\Program Files\\Microsoft Office\\root\\Office16\\WINWORD.EXE",
    ["Microsoft Word", "Microsoft Office", MICROSOFT, "16.0.17425.20176"],
    "explorer.exe",
    [
      '"C:\\Program Files\\Microsoft Office\\root\\Office16\\WINWORD.EXE" /n "S:\\Letters\\offer.docx"',
    ],
  ),
  application(
    "C:\\Users\\%U%\\AppData\\Local\\Microsoft\\Teams\\current\\Teams.exe",
    ["Microsoft Teams", "Microsoft Teams", MICROSOFT, "1.7.00.10751"],
    "explorer.exe",
    ['"C:\\Users\\%U%\\AppData\\Local\\Microsoft\\Teams\\current\\Teams.exe" --type=utility'],
  ),
  application(
    "C:\\Program Files\\Mozilla Firefox\\firefox.exe",
    ["Firefox", "Firefox", "Mozilla Corporation", "125.0.3"],
    "explorer.exe",
    ['"C:\\Program Files\\Mozilla Firefox\\firefox.exe" -contentproc -childID 4 -isForBrowser'],
  ),
  windowsProgram(`${S32}\\cmd.exe`, "Windows Command Processor", "user", "explorer.exe", [
    'cmd.exe /c "S:\\Netlogon\\drives.bat"',
    `"${S32}\\cmd.exe"`,
  ]),
  windowsProgram(
    `${S32}\\WindowsPowerShell\\v1.0\\powershell.exe`,
    "Windows PowerShell",
    "user",
    "explorer.exe",
    ["powershell.exe -NoProfile -File C:\\IT\\inventory.ps1", "powershell.exe Get-Service"],
  ),
  application(
    "C:\\Program Files\\7-Zip\\7zFM.exe",
    ["7-Zip File Manager", "7-Zip", "Igor Pavlov", "23.01"],
    "explorer.exe",
    ['"C:\\Program Files\\7-Zip\\7zFM.exe" "C:\\Users\\%U%\\Downloads\\drawings.zip"'],
  ),
  windowsProgram(`${S32}\\notepad.exe`, "Notepad", "user", "explorer.exe", [
    `"${S32}\\NOTEPAD.EXE" C:\\Users\\%U%\\Desktop\\notes.txt`,
  ]),
  windowsProgram(`${S32}\\gpupdate.exe`, "Microsoft Group Policy Update", "system", "svchost.exe", [
    "gpupdate.exe /target:computer",
  ]),
  windowsProgram(`${S32}\\net.exe`, "Net Command", "user", "cmd.exe", [
    "net use S: \\\\FS01\\shared /persistent:yes",
  ]),
  windowsProgram(`${S32}\\ipconfig.exe`, "IP Configuration Utility", "user", "cmd.exe", [
    "ipconfig /all",
  ]),
  windowsProgram(`${S32}\\whoami.exe`, "whoami", "user", "powershell.exe", ["whoami /groups"]),
];
