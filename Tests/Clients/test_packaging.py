"""What operators are given beside the program: dashboard, alerts and runbooks, units of systemd, manifests of Kubernetes."""

import json
import pathlib
import re
import shutil
import subprocess

import kubernetes_validate
import yaml

import harness
from operations import FolderTestCase, baton, figures_port, page

OPERATIONS = harness.ROOT / "docs/operations"
KUBERNETES = harness.ROOT / "Packaging/kubernetes"
SUFFIXES = re.compile(r"_(bucket|sum|count)$")
VERSIONS = ("1.29", "1.32", "1.37")


class Watching(FolderTestCase):
    def known(self):
        """The figures of the program with their labels, from its own table."""
        rows = [line.split("|") for line in baton("config", "--figures").stdout.splitlines()[2:]]
        return {row[1].strip(" `"): set(re.findall(r"`([a-z_]+)`", row[3])) for row in rows}

    def check(self, expression):
        """Every figure that an expression names is one of the program's, with labels that it has."""
        known = {**self.known(), "up": set()}
        bare = re.sub(r'"[^"]*"', '""', expression)
        named = set(re.findall(r"\b(?:baton|process|up)(?:_[a-z_]+)?\b(?=[{\[ )<>=]|$)", re.sub(r"\{[^}]*\}", " ", bare)))
        named -= {"process", "baton"}
        for name in named:
            self.assertIn(SUFFIXES.sub("", name) if name not in known else name, known, expression)
        for name, labels in re.findall(r"\b([a-z_]+)\{([^}]*)\}", expression):
            have = known[SUFFIXES.sub("", name) if name not in known else name] | {"job", "instance", "le"}
            for label in re.findall(r"([a-z_]+)\s*(?:=~|!~|!=|=)", labels):
                self.assertIn(label, have, expression)
        return named

    def test_figures(self):
        """the table of figures in the documents is the one that the program has"""
        self.assertIn(baton("config", "--figures").stdout.strip(), (OPERATIONS / "watching.md").read_text())

    def test_dashboard(self):
        """the dashboard is whole, and asks for nothing that the program does not give; no figure of ours is left out"""
        board = json.loads((OPERATIONS / "grafana.json").read_text())
        self.assertEqual(len({panel["id"] for panel in board["panels"]}), len(board["panels"]))
        shown = set()
        for panel in board["panels"]:
            self.assertTrue(panel["targets"], panel["title"])
            for target in panel["targets"]:
                shown |= {SUFFIXES.sub("", name) for name in self.check(target["expr"])}
        places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in board["panels"]]
        self.assertEqual(len(set(places)), len(places))
        missing = set(self.known()) - shown - {"process_start_time_seconds", "baton_worker_threads_idle", "baton_metrics_database_up"}
        self.assertEqual(missing, set())

    def test_alerts(self):
        """each alert names figures of the program, has a runbook of its own, and each runbook an alert"""
        groups = yaml.safe_load((OPERATIONS / "alerts.yaml").read_text())["groups"]
        names = set()
        for group in groups:
            self.assertEqual(set(group), {"name", "rules"})
            for rule in group["rules"]:
                self.assertLessEqual(set(rule), {"alert", "expr", "for", "labels", "annotations"})
                self.assertTrue(self.check(rule["expr"]))
                self.assertIn(rule["labels"]["severity"], ("page", "ticket"))
                self.assertRegex(rule.get("for", "1m"), r"^\d+[smh]$")
                self.assertEqual(rule["annotations"]["runbook"], f"runbooks/{rule['alert']}.md")
                for name in re.findall(r"\$labels\.([a-z]+)", rule["annotations"]["summary"]):
                    aggregated = re.search(r"by \(([^)]*)\)", rule["expr"])
                    self.assertTrue(not aggregated or name in aggregated.group(1), rule)
                names.add(rule["alert"])
        self.assertEqual({path.stem for path in (OPERATIONS / "runbooks").glob("*.md")}, names)
        for path in (OPERATIONS / "runbooks").glob("*.md"):
            text = path.read_text()
            self.assertIn("## Look", text)
            self.assertIn("## Do", text)

    def test_promtool(self):
        """Prometheus' own tool accepts the alert rules"""
        tool = shutil.which("promtool")
        self.assertTrue(tool, "promtool is not installed: run scripts/setup --tests")
        run = subprocess.run([tool, "check", "rules", OPERATIONS / "alerts.yaml"], capture_output=True, text=True)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)

    def test_page(self):
        """Prometheus' own tool reads the page of figures and finds nothing wrong with it"""
        server = self.serve("--metrics-port", "0", demo=True)
        status, text = page(figures_port(server))
        self.assertEqual(status, 200)
        run = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True)
        self.assertEqual((run.returncode, run.stdout + run.stderr), (0, ""))

    def test_control(self):
        """the test itself refuses a figure and a label that the program does not have"""
        for wrong in ("baton_jobs_waiting > 1", 'sum(rate(baton_rules_total{kind="x"}[5m]))'):
            with self.assertRaises(AssertionError):
                self.check(wrong)


class Systemd(FolderTestCase):
    def test_units(self):
        """systemd finds nothing wrong with the units but that the program is not installed, and counts the service as well confined"""
        tool = shutil.which("systemd-analyze")
        self.assertTrue(tool, "systemd is not installed: run scripts/setup --tests")
        for unit in sorted((harness.ROOT / "Packaging/systemd").iterdir()):
            run = subprocess.run([tool, "verify", unit], capture_output=True, text=True)
            said = [line for line in (run.stdout + run.stderr).splitlines() if "is not executable" not in line and unit.name in line]
            self.assertEqual(said, [], unit)
        for name in ("baton.service", "baton-backup.service"):
            run = subprocess.run([tool, "security", "--offline=true", harness.ROOT / "Packaging/systemd" / name], capture_output=True, text=True)
            level = re.search(r"exposure level for .*: ([\d.]+)", run.stdout)
            self.assertIsNotNone(level, run.stdout + run.stderr)
            self.assertLess(float(level.group(1)), 2.5)


class Container(FolderTestCase):
    def instructions(self):
        """(word, rest) of each line of the container file, with continued lines joined."""
        lines = (harness.ROOT / "Packaging/container/Containerfile").read_text().replace("\\\n", " ").splitlines()
        return [tuple(line.split(None, 1)) for line in lines if line.strip() and not line.startswith("#")]

    def test_file(self):
        """the container file copies what is there, sets what the program takes, opens its ports and serves as a number that is not root"""
        found = self.instructions()
        self.assertEqual({word for word, _ in found} - {"FROM", "RUN", "WORKDIR", "COPY", "USER", "ENV", "VOLUME", "EXPOSE", "ENTRYPOINT", "CMD"}, set())
        stages = [rest.split(" AS ")[1] for word, rest in found if word == "FROM" and " AS " in rest]
        for rest in (rest for word, rest in found if word == "COPY"):
            *sources, _ = [part for part in rest.split() if not part.startswith("--")]
            origin = re.match(r"--from=(\S+)", rest)
            self.assertTrue(not origin or origin.group(1) in stages, rest)
            for source in [] if origin else sources:
                self.assertTrue((harness.ROOT / source).exists(), source)
        settings = dict(pair.split("=", 1) for word, rest in found if word == "ENV" for pair in rest.split())
        printed = baton("config", environment={**settings, "BATON_METRICS_TOKEN": "long-enough-for-a-token"})
        self.assertEqual(printed.returncode, 0, printed.stderr)
        known = set(re.findall(r"`(BATON_[A-Z_]+)`", (harness.ROOT / "docs/reference/configuration.md").read_text()))
        self.assertLessEqual(set(settings), known)
        # The ports that the manifests send requests to; HL7 v2 is for those who run it otherwise.
        ports = {port["containerPort"] for document in Kubernetes.documents(self).values() if document["kind"] == "Deployment"
                 for container in document["spec"]["template"]["spec"]["containers"] for port in container["ports"]}
        self.assertEqual({int(port) for word, rest in found if word == "EXPOSE" for port in rest.split()}, ports | {2575})
        last = {word: rest for word, rest in found}
        self.assertRegex(last["USER"], r"^[1-9]\d+:[1-9]\d+$")
        self.assertEqual(json.loads(last["ENTRYPOINT"]) + json.loads(last["CMD"]), ["/usr/bin/baton", "serve"])
        made = [rest for word, rest in found if word == "RUN" and "make " in rest]
        target = re.search(r"make (\S+)", made[0]).group(1)
        self.assertRegex((harness.ROOT / "Makefile").read_text(), rf"(?m)^{target}:")


class Kubernetes(FolderTestCase):
    def documents(self):
        """Every object of the manifests, by kind and name."""
        found = {}
        for path in sorted(KUBERNETES.glob("*.yaml")):
            if path.name != "kustomization.yaml":
                for document in yaml.safe_load_all(path.read_text()):
                    found[(document["kind"], document["metadata"]["name"])] = document
        return found

    def test_schema(self):
        """each object passes the schema of three versions of Kubernetes, strictly; one with a wrong word does not"""
        for place, document in self.documents().items():
            for version in VERSIONS:
                with self.subTest(place=place, version=version):
                    kubernetes_validate.validate(document, version, strict=True)
        wrong = self.documents()[("Deployment", "baton")]
        wrong["spec"]["replica"] = 3
        with self.assertRaises(kubernetes_validate.ValidationError):
            kubernetes_validate.validate(wrong, VERSIONS[-1], strict=True)

    def test_whole(self):
        """all files are listed, selectors meet their pods, three replicas survive a drain, probes ask the right paths, secrets are explained"""
        listed = yaml.safe_load((KUBERNETES / "kustomization.yaml").read_text())["resources"]
        self.assertEqual(sorted(listed), sorted(path.name for path in KUBERNETES.glob("*.yaml") if path.name != "kustomization.yaml"))
        all_of = self.documents()
        deployment = all_of[("Deployment", "baton")]["spec"]
        labels = deployment["template"]["metadata"]["labels"]
        for kind, name in (("Service", "baton"), ("Service", "baton-metrics")):
            self.assertEqual(all_of[(kind, name)]["spec"]["selector"], labels)
        self.assertEqual(deployment["selector"]["matchLabels"], labels)
        self.assertEqual(all_of[("PodDisruptionBudget", "baton")]["spec"]["selector"]["matchLabels"], labels)
        self.assertEqual(deployment["replicas"], 3)
        self.assertLess(all_of[("PodDisruptionBudget", "baton")]["spec"]["minAvailable"], 3)
        job = all_of[("CronJob", "baton-backup")]["spec"]["jobTemplate"]["spec"]["template"]
        self.assertNotEqual(job["metadata"]["labels"], labels, "the service must not send requests to the backup")
        container = deployment["template"]["spec"]["containers"][0]
        self.assertEqual([container[probe]["httpGet"]["path"] for probe in ("startupProbe", "livenessProbe", "readinessProbe")],
                         ["/health", "/health", "/ready"])
        explained = (KUBERNETES / "configuration.yaml").read_text()
        for pod in (deployment["template"]["spec"], job["spec"]):
            volumes = {volume["name"] for volume in pod["volumes"]}
            for container in pod.get("initContainers", []) + pod["containers"]:
                self.assertLessEqual({mount["name"] for mount in container["volumeMounts"]}, volumes)
                self.assertTrue(container["securityContext"]["readOnlyRootFilesystem"])
                self.assertEqual(container["securityContext"]["capabilities"], {"drop": ["ALL"]})
            for volume in pod["volumes"]:
                if "secret" in volume:
                    self.assertIn(f"secret generic {volume['secret']['secretName']} ", explained)

    def test_settings(self):
        """the settings in the manifests and in the Debian package are ones that the program takes, with secrets from files"""
        text = self.documents()[("ConfigMap", "baton")]["data"]["baton.yaml"]
        for name in set(re.findall(r"/run/secrets/(\S+)", text)):
            path = self.folder / "secrets" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("postgres://baton:canary@db/baton" if "url" in name else "a-canary-of-enough-characters\n")
        text = text.replace("/run/secrets", str(self.folder / "secrets"))
        run = baton("config", "--config", self.write("baton.yaml", text))
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertNotIn("canary", run.stdout)
        self.assertRegex(run.stdout, r"database +postgres://baton@db/baton")
        packaged = pathlib.Path(harness.ROOT / "Packaging/baton.yaml").read_text()
        self.assertEqual(baton("config", "--config", self.write("deb.yaml", packaged)).returncode, 0)
        every = re.sub(r"^# ([a-z-]+:)", r"\1", packaged, flags=re.M).replace("database-file: /etc/baton/database\n", "")
        run = baton("config", "--config", self.write("every.yaml", every))
        self.assertEqual(run.returncode, 0, run.stderr)
