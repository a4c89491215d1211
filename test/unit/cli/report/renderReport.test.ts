import { describe, expect, it } from 'vitest';
import type { Report, ReportedFinding } from '../../../../cli/report/collectReport.ts';
import { html } from '../../../../cli/report/html.ts';
import { renderFindingPage, renderReport, WHOLE_FINDINGS } from '../../../../cli/report/renderReport.ts';
import { SEARCH_SCRIPT } from '../../../../cli/report/search.ts';
import type { Finding } from '../../../../shared/findings/finding.ts';
import type { Snapshot, TargetKind } from '../../../../shared/targets/target.ts';
import { madeFinding } from '../finding.ts';

const at = '2026-01-02T03:04:05.000Z';

const HEALTH = { coverage: [], unpublished: 0, restoring: 0, withFindings: 0 };

/** The page of these findings, each shown as a whole, with whatever else it shows. */
function pageOf(findings: readonly Finding[], more: Partial<Report> = {}): string {
  return pageWith(
    findings.map((finding) => ({ finding })),
    more,
  );
}

function pageWith(reported: readonly ReportedFinding[], more: Partial<Report> = {}): string {
  const findings = reported.map(({ finding }) => finding);
  return renderReport({
    report: { findings, accepted: [], health: HEALTH, at, ...more },
    findings,
    whole: new Map(reported.map((one) => [one.finding.id, one])),
    hrefOf: () => undefined,
    pages: [],
  });
}

function snapshotOf(document: unknown): Snapshot {
  const { target } = madeFinding();
  const part = { id: 'document', role: 'resource' as const, document: JSON.stringify(document) };
  return { target, exists: true, parts: [part], contentHash: 'a' };
}

describe('html', () => {
  it('escapes texts and attribute values', () => {
    expect(html`<a title="${`"'`}">${'<&>'}</a>`.markup).toBe('<a title="&quot;&#39;">&lt;&amp;&gt;</a>');
  });

  it('takes what it made itself as it is', () => {
    expect(html`<ul>${[html`<li>${1}</li>`, html`<li>${'<'}</li>`]}${undefined}</ul>`.markup).toBe(
      '<ul><li>1</li><li>&lt;</li></ul>',
    );
  });
});

describe('renderReport', () => {
  it('counts what is active and leads with it', () => {
    const page = pageOf([madeFinding(), madeFinding({ status: 'RESOLVED' })]);

    expect(page).toContain('<title>Ratchet: 1 active finding</title>');
    expect(page).toContain(
      '1 active, 1 resolved. Made <time datetime="2026-01-02T03:04:05.000Z">2026-01-02 03:04:05 UTC',
    );
  });

  it('tells how to undo a change, and nothing of that for a fact', () => {
    expect(pageOf([madeFinding()])).toContain('To undo it by hand');
    expect(pageOf([madeFinding({ result: 'NOTICE', check: 'guard-touched' })])).not.toContain(
      'To undo it by hand',
    );
  });

  it('shows consequence, target, request, statement with line numbers, and how to accept', () => {
    const page = pageOf([madeFinding()]);

    for (const text of [
      'New access: anyone can now call s3:GetObject',
      'arn:aws:s3:::reports',
      'anyone, without credentials',
      '4  { &quot;Effect&quot;: &quot;Allow&quot; }',
      'ratchet approve 0123456789abcdef0123456789abcdef',
    ]) {
      expect(page).toContain(text);
    }
  });

  it('lets nothing of a finding become markup', () => {
    const evil = '</code><script>alert(1)</script><img src=x onerror="y">';
    const page = pageOf(
      [
        madeFinding({
          title: evil,
          message: evil,
          cause: evil,
          notes: [evil],
          statusWhy: evil,
          statements: [{ statementIndex: 0, description: evil, document: evil, lines: [{ text: evil }] }],
          target: { kind: 'bucket-policy', arn: evil, accountId: evil, region: evil },
          action: { kind: 'done', why: evil, calls: [evil], at },
          approval: { who: evil, why: evil, at },
          witness: { action: evil, resource: evil, context: { [evil]: [evil] } },
          acceptWith: evil,
          undoWith: evil,
        }),
        madeFinding({ target: { kind: 'role-trust', arn: 'a', accountId: '2', region: 'r' } }),
      ],
      { accepted: [{ arn: evil, at, by: evil, why: evil }] },
    );

    expect(page.replace(SEARCH_SCRIPT, '')).not.toMatch(/<script>[^<]|<img/i);
  });

  it('asks for nothing from outside', () => {
    const page = pageOf([madeFinding()]);

    expect(page).toContain(`default-src 'none'`);
    expect(page).toMatch(/script-src 'sha256-[\w+/]{43}='/);
    expect(page).not.toMatch(/(src|href)="(?!#)|url\(|@import|<script [^>]| on\w+="/);
  });

  it('shows both versions side by side and marks the statement that matters', () => {
    const allow = (Sid: string, Action: string[]) => ({ Sid, Effect: 'Allow', Action });
    const before = snapshotOf({ Statement: [allow('A', ['s3:Get'])] });
    const after = snapshotOf({ Statement: [allow('A', ['s3:Get', 's3:Put'])] });
    const finding = madeFinding({ statements: [{ statementIndex: 0, description: '', lines: [] }] });

    const page = pageWith([{ finding, before, after }]);

    const cell = (text: string) => new RegExp(`<td class="line added named">.*<code> *${text}</code>`);
    expect(page).toMatch(cell('&quot;s3:Put&quot;'));
    expect(page).not.toMatch(cell('&quot;Sid&quot;: &quot;A&quot;,'));
  });

  it('shows a part that came whole, and one that went', () => {
    const finding = madeFinding();
    const of = (id: string): Snapshot => ({
      ...snapshotOf({}),
      parts: [{ id, role: 'grant', document: '{"Id":1}' }],
    });

    const page = pageWith([{ finding, before: of('inline:old'), after: of('inline:new') }]);

    expect(page).toContain('<caption>inline:old');
    expect(page).toContain('<caption>inline:new');
    expect(page.match(/class="line removed"/g)).toHaveLength(3);
    expect(page.match(/class="line added"/g)).toHaveLength(3);
  });

  it('gives a box and a rule for each value in which findings differ', () => {
    const page = pageOf([madeFinding(), madeFinding({ status: 'RESOLVED', id: 'b'.repeat(32) })]);

    expect(page).toMatch(
      /<legend>Status<\/legend>\s*<label><input type="checkbox" checked id="show-status-0"> active/,
    );
    expect(page).toContain('body:has(#show-status-1:not(:checked)) .st1 { display: none; }');
    expect(page).not.toContain('<legend>Check</legend>');
  });

  it('counts active findings by severity, and those that each box stands for', () => {
    const page = pageOf([
      madeFinding({ severity: 'CRITICAL' }),
      madeFinding({ id: 'b'.repeat(32) }),
      madeFinding({ id: 'c'.repeat(32), status: 'RESOLVED' }),
    ]);

    expect(page).toContain('<strong>1</strong> active critical');
    expect(page).toContain('<strong>1</strong> active high');
    expect(page).toMatch(/id="show-severity-1"> high <span class="quiet">2<\/span>/);
  });

  it('hides what is closed at first, while something is active', () => {
    const closed = madeFinding({ id: 'c'.repeat(32), status: 'RESOLVED' });
    const approved = madeFinding({ id: 'd'.repeat(32), status: 'APPROVED' });

    expect(pageOf([madeFinding(), closed])).toMatch(/<input type="checkbox" id="show-status-1"> resolved/);
    expect(pageOf([approved, closed])).not.toMatch(/<input type="checkbox" id/);
  });

  it('folds the boxes of a facet with many values', () => {
    const kinds = ['bucket-policy', 'queue-policy', 'topic-policy', 'kms-key', 'secret-policy'] as const;
    const of = (more: readonly TargetKind[]) =>
      pageOf(
        [...kinds, ...more].map((kind, index) =>
          madeFinding({ id: String(index).repeat(32), target: { ...madeFinding().target, kind } }),
        ),
      );

    expect(of(['stream-policy'])).toContain('<legend>Kind of target</legend>');
    expect(of(['stream-policy', 'table-policy'])).toContain('<summary>Kind of target (7)</summary>');
  });

  it('lists the findings again by target and by who made the change', () => {
    const page = pageOf([madeFinding(), madeFinding({ id: 'b'.repeat(32) })]);

    expect(page).toContain('By target (1)');
    expect(page).toContain('arn:aws:s3:::reports: 2 findings');
    expect(page).toContain('By who made the change (1)');
  });

  it('says which changes people approved', () => {
    const accepted = [
      { arn: 'arn:aws:s3:::a', at: '2026-02-01T00:00:00.000Z', by: 'Ann', why: 'reviewed' },
      { arn: 'arn:aws:s3:::b', at: '2025-02-01T00:00:00.000Z', by: 'guard', why: 'nothing new' },
    ];

    expect(pageOf([madeFinding()], { accepted })).toMatch(
      /Approved by people \(1\).*arn:aws:s3:::a by Ann: reviewed/s,
    );
  });

  it('shows in short what is too much for the page, with a link to the whole', () => {
    const finding = madeFinding({ title: 'role `a` is an administrator: it can do everything' });
    const page = renderReport({
      report: { findings: [finding], accepted: [], health: HEALTH, at },
      findings: [finding],
      whole: new Map(),
      hrefOf: ({ id }) => `report-findings/${id}.html`,
      pages: [],
    });

    expect(page).toContain('for example s3:GetObject on arn:aws:s3:::reports/a');
    expect(page).toContain('href="report-findings/0123456789abcdef0123456789abcdef.html"');
    expect(renderFindingPage({ finding }, '../report.html')).toContain('To undo it by hand');
  });

  it('keeps a page of a thousand findings below a megabyte', () => {
    const findings = Array.from({ length: 1_000 }, (_, index) =>
      madeFinding({
        id: String(index).padStart(32, '0'),
        severity: index % 2 === 0 ? 'HIGH' : 'LOW',
        // As long as those of a month of one account are.
        title: `access from outside the zone of trust: \`arn:aws:iam::444455556666:role/${'r'.repeat(40)}\` can call \`s3:GetObject\` on \`arn:aws:s3:::reports-${index}/${'o'.repeat(40)}\``,
        target: { ...madeFinding().target, arn: `arn:aws:s3:::reports-${index}` },
      }),
    );

    const page = renderReport({
      report: { findings, accepted: [], health: HEALTH, at },
      findings,
      whole: new Map(),
      hrefOf: ({ id }) => `report-findings/${id}.html`,
      pages: [],
    });

    expect(page.match(/<details id=/g)).toHaveLength(1_000);
    expect(Buffer.byteLength(page)).toBeLessThan(1_000_000 - WHOLE_FINDINGS.characters);
  });

  it('says what is watched and how the guard does', () => {
    const page = pageOf([], {
      health: {
        ...HEALTH,
        coverage: [{ kind: 'bucket-policy', targets: 7, clean: 5 }],
        withFindings: 2,
      },
    });

    expect(page).toContain(
      '<th scope="row">bucket-policy</th><td class="count">7</td><td class="count">5</td>',
    );
    expect(page).toContain('<dt>Targets with open findings</dt><dd>2</dd>');
  });

  it('says so when there is nothing', () => {
    expect(pageOf([])).toContain('No findings.');
  });
});
