// A fake: nothing is configured.
