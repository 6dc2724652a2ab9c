// In place of the SDK's `rng`, which is RC4 from the C library's rand(): random bytes of the system's own source.

import { randomBytes } from "crypto-native";

export default Object.freeze({ get: (count: number): ArrayBuffer => randomBytes(count) });
