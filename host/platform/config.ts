// The SDK's `mc/config`: what manifest.json puts under "config", for Node.

export default Object.freeze({ platform: "node", nameServers: [] as readonly string[] });
