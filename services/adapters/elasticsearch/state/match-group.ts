import { groupId } from "../../../core/alert/group.ts";
import type { GroupKey } from "../../../core/records.ts";
import { documentId } from "./document.ts";

/** One word for a group, short and plain whatever host and value hold. */
export function groupDigest(group: GroupKey): string {
  return documentId(groupId(group));
}
