"""A real IMAP server for tests: Debian's dovecot with a configuration of its own, in a folder of its own, as one mailbox."""

import os
import pathlib
import pwd
import grp
import shutil
import subprocess
import tempfile
import time
import imaplib

import harness

CONFIGURATION = """
base_dir = {folder}/run
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = no
auth_verbose = yes
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail
first_valid_uid = 1
default_vsz_limit = 256M
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/mail
}}
namespace inbox {{
  inbox = yes
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
"""


class Mailbox:
    """One mailbox of a dovecot of its own; `append` lays a mail into it as a gateway does."""

    user, password = "fax", "mailbox-secret-7"

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="baton-imap-"))
        os.chmod(self.folder, 0o755)
        self.port = harness.free_port()
        owner, group = pwd.getpwnam("nobody").pw_name, grp.getgrnam("nogroup").gr_name
        mail = self.folder / "mail"
        mail.mkdir()
        shutil.chown(mail, owner, group)
        text = CONFIGURATION.format(folder=self.folder, password=self.password, user=owner, group=group, port=self.port)
        (self.folder / "dovecot.conf").write_text(text)
        self.process = subprocess.Popen(["/usr/sbin/dovecot", "-F", "-c", str(self.folder / "dovecot.conf")], stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + 20
        while True:
            try:
                self.connect().logout()
                return
            except (OSError, imaplib.IMAP4.error):
                if time.monotonic() > deadline or self.process.poll() is not None:
                    raise harness.NotServing("dovecot did not start:\n" + self.log())
                time.sleep(0.1)

    def connect(self):
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=10)
        client.login(self.user, self.password)
        return client

    def append(self, message):
        client = self.connect()
        status, answer = client.append("INBOX", None, None, message)
        client.logout()
        assert status == "OK", answer

    def log(self):
        path = self.folder / "dovecot.log"
        return path.read_text(errors="replace")[-3000:] if path.exists() else "(no log)"

    def stop(self):
        self.process.terminate()
        self.process.wait(15)
        shutil.rmtree(self.folder, ignore_errors=True)
