// Run by mongosh on the first member. It may be run again: a set that is there is left as it is.
const members = ["mongo1", "mongo2", "mongo3"].map((name, id) => ({ _id: id, host: `${name}:27017` }));
try {
  rs.initiate({ _id: "dalil", members });
} catch (fault) {
  if (fault.codeName !== "AlreadyInitialized") throw fault;
}
const end = Date.now() + 60_000;
while (!rs.status().members.some((member) => member.stateStr === "PRIMARY")) {
  if (Date.now() > end) throw new Error("the replica set has no primary after a minute");
  sleep(500);
}
