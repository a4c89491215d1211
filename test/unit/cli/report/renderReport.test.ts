import { describe, expect, it } from 'vitest';
import { html } from '../../../../cli/report/html.ts';
import { renderReport } from '../../../../cli/report/renderReport.ts';
import { madeFinding } from '../finding.ts';

const at = '2026-01-02T03:04:05.000Z';

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
    const page = renderReport({ findings: [madeFinding(), madeFinding({ status: 'RESOLVED' })], at });

    expect(page).toContain('<title>Ratchet: 1 active findings</title>');
    expect(page).toContain(
      '1 active, 1 resolved. Made <time datetime="2026-01-02T03:04:05.000Z">2026-01-02 03:04:05 UTC',
    );
  });

  it('shows consequence, target, request, statement with line numbers, and how to accept', () => {
    const page = renderReport({ findings: [madeFinding()], at });

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
    const page = renderReport({
      findings: [
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
      ],
      at,
    });

    expect(page).not.toMatch(/<script|<img/i);
  });

  it('asks for nothing from outside', () => {
    const page = renderReport({ findings: [madeFinding()], at });

    expect(page).toContain(`default-src 'none'`);
    expect(page).not.toMatch(/(src|href)="(?!#)|url\(|@import|<script/);
  });

  it('says so when there is nothing', () => {
    expect(renderReport({ findings: [], at })).toContain('No findings.');
  });
});
