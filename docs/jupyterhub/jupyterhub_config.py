"""JupyterHub for a class on one Linux machine: for each learner a server, notebooks and progress of their own.

As root, in a folder where the hub may keep its files: jupyterhub -f …/docs/jupyterhub/jupyterhub_config.py
What to install before, what was tried and what was not: docs/teaching.md.
"""

import sys
from pathlib import Path

c = get_config()  # noqa: F821  (JupyterHub puts it here)
COURSE = Path(__file__).resolve().parents[2]
PROGRAMS = Path(sys.executable).parent

# Who may come in: these users of the machine, by the password that they have there. `adduser ada` makes one.
c.JupyterHub.authenticator_class = "pam"
c.Authenticator.allowed_users = {"ada", "blaise", "chiara"}
c.Authenticator.admin_users = {"teacher"}
c.JupyterHub.bind_url = "http://127.0.0.1:8000"  # only this machine; put a web server with HTTPS before it

# What runs for each, as the learner, not as root: notebooks that are not there yet are copied (one that the learner has
# is never touched), then JupyterLab starts. Progress is kept in the learner's home.
START = f"""
mkdir -p "$HOME/deep-learning" && cd "$HOME/deep-learning" || exit 1
for file in '{COURSE}'/notebooks/*; do
    [ -e "${{file##*/}}" ] || cp -R "$file" .
done
export DLCOURSE_DATA_DIR="$HOME/.local/share/dlcourse"
exec '{PROGRAMS}/jupyterhub-singleuser' "$@"
"""
c.Spawner.cmd = ["sh", "-c", START, "sh"]
c.Spawner.notebook_dir = "~/deep-learning"
c.Spawner.default_url = "/lab/tree/00-start-here.ipynb"
c.Spawner.start_timeout = 120  # seconds: a whole class comes in at the same minute
c.Spawner.environment = {
    "DLCOURSE_HINTS": "on",  # "off": hint("03.2") says that hints are switched off for this class
    "DLCOURSE_SOLUTIONS": "off",  # "on" when the chapter has been discussed
    "OMP_NUM_THREADS": "1",  # one core for each learner, instead of all cores for whoever comes first
}

c.Spawner.args = [
    "--KernelManager.transport=ipc",  # sockets of the learner's own; to a TCP port every user of the machine can listen
    "--MappingKernelManager.cull_idle_timeout=3600",  # seconds after which the kernel of a closed notebook is ended
    "--MappingKernelManager.cull_interval=300",
]
