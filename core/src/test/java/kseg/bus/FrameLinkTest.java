package kseg.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import kseg.snapshot.StateReader;
import kseg.snapshot.StateWriter;
import org.junit.jupiter.api.Test;

class FrameLinkTest {
    private final FrameLink link = new FrameLink(1000);

    private static byte[] frame(int value) {
        return new byte[] {(byte) value};
    }

    @Test
    void aFrameArrivesAtTheOtherEndOneLatencyLater() {
        link.port(0).send(500, frame(7));
        assertThat(link.take(0, Long.MAX_VALUE)).isNull();
        assertThat(link.take(1, 1500)).isNull();
        FrameLink.Arrival arrival = link.take(1, 1501);
        assertThat(arrival.nanos()).isEqualTo(1500);
        assertThat(arrival.frame()).containsExactly(7);
        assertThat(link.take(1, Long.MAX_VALUE)).isNull();
    }

    @Test
    void whatIsSentInAWindowArrivesInTheNextAtTheEarliest() {
        link.port(1).send(1000, frame(1));
        link.port(1).send(1999, frame(2));
        assertThat(link.take(0, 2000)).isNull();
        assertThat(link.take(0, 3000).frame()).containsExactly(1);
        assertThat(link.take(0, 3000).frame()).containsExactly(2);
    }

    @Test
    void framesKeepTheirOrder() {
        for (int i = 0; i < 10; i++) {
            link.port(0).send(5, frame(i));
        }
        for (int i = 0; i < 10; i++) {
            assertThat(link.take(1, 2000).frame()).containsExactly(i);
        }
    }

    @Test
    void framesOnTheirWayAreState() {
        link.port(0).send(5, frame(1));
        link.port(1).send(6, frame(2));
        StateWriter out = new StateWriter();
        link.save(out);
        FrameLink other = new FrameLink(1000);
        other.port(0).send(0, frame(9));
        other.restore(new StateReader(out.toBytes(), out.attachments()));
        assertThat(other.take(1, 2000).frame()).containsExactly(1);
        assertThat(other.take(1, 2000)).isNull();
        assertThat(other.take(0, 2000).nanos()).isEqualTo(1006);
    }

    @Test
    void aWireTakesTime() {
        assertThatThrownBy(() -> new FrameLink(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
