"""Running of work: devices, threads, pauses, the engine for a CPU, addresses and bodies."""
