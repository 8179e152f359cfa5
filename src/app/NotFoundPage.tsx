/** An address that leads nowhere. */
import { Link, useLocation } from 'wouter';
import { buttonClass } from '../ui/Button.tsx';
import { PageHeading } from '../ui/PageHeading.tsx';
import { CodeText } from '../ui/Text.tsx';
import { Column } from './Column.tsx';

export function NotFoundPage() {
  const [path] = useLocation();
  return (
    <Column>
      <PageHeading title="Not found">There is no page at this address</PageHeading>
      <p>
        <CodeText>{path}</CodeText> is (nil). Perhaps the link is mistyped, or it is from another
        version of the course.
      </p>
      <p>
        <Link href="/" className={buttonClass('primary')}>
          Go to the course
        </Link>
      </p>
    </Column>
  );
}
