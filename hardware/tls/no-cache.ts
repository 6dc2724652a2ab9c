// In place of the SDK's `ssl/cache`, which its session imports: every connection checks the server's certificate anew.

export default Object.freeze({});
