package io.github.wslproxy.relay;

import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class EvictableSessionsTest {
    private static final LocalAddresses OWN = new LocalAddresses();
    private static final ClientKey PHONE = ClientKey.of(ip("192.168.1.50"), OWN);
    private static final ClientKey TABLET = ClientKey.of(ip("192.168.1.51"), OWN);

    private final AtomicLong clock = new AtomicLong();
    private final EvictableSessions drops = new EvictableSessions(clock::get);
    private final EvictableSessions.Table dns = drops.table();
    private final EvictableSessions.Table game = drops.table();
    private final List<Session> gone = new ArrayList<>();

    private final class Session implements EvictableSessions.Candidate {
        private final ClientKey client;
        private final EvictableSessions.Table table;

        Session(EvictableSessions.Table table, ClientKey client) {
            this.client = client;
            this.table = table;
            table.asked(this);
        }

        @Override
        public ClientKey client() {
            return client;
        }

        @Override
        public EvictableSessions.Table table() {
            return table;
        }

        @Override
        public void giveWay() {
            gone.add(this);
        }
    }

    @Test
    void theOldestThatWasAnsweredGoesFirstAndThenTheOldestThatWaits() {
        Session waits = new Session(dns, PHONE);
        Session waitsToo = new Session(dns, PHONE);
        Session answeredLast = new Session(dns, PHONE);
        Session answeredFirst = new Session(dns, PHONE);
        dns.answered(answeredFirst);
        dns.answered(answeredLast);

        for (int i = 0; i < 4; i++) {
            assertThat(dns.makeRoom()).isTrue();
        }

        assertThat(gone).containsExactly(answeredFirst, answeredLast, waits, waitsToo);
        assertThat(dns.makeRoom()).isFalse();
    }

    @Test
    void atTheCapOfAClientOneOfItsOwnGoesAndAtThatOfTheProgramOneOfAnyForward() {
        Session old = new Session(game, PHONE);
        Session phones = new Session(dns, PHONE);
        Session tablets = new Session(dns, TABLET);

        assertThat(dns.makeRoomAmong(TABLET)).isTrue();
        assertThat(dns.makeRoomAmong(TABLET)).isFalse();
        assertThat(dns.makeRoomInProgram()).isTrue();
        assertThat(dns.makeRoom()).isTrue();

        assertThat(gone).containsExactly(tablets, old, phones);
    }

    @Test
    void aTalkAndWhatHasEndedDoNotGiveWay() {
        Session talk = new Session(dns, PHONE);
        dns.answered(talk);
        dns.remove(talk);

        assertThat(dns.makeRoom()).isFalse();
        assertThat(dns.makeRoomAmong(PHONE)).isFalse();
        assertThat(dns.makeRoomInProgram()).isFalse();
    }

    @Test
    void whoIsAlreadyLeavingIsNotChosenAgain() {
        Session leaving = new Session(dns, PHONE);
        assertThat(dns.makeRoom()).isTrue();

        dns.answered(leaving);
        dns.asked(leaving);

        assertThat(dns.makeRoom()).isFalse();
        assertThat(gone).containsExactly(leaving);
    }

    @Test
    void noMoreLeaveAtOnceThanABoundedNumber() {
        for (int i = 0; i < EvictableSessions.MOST_LEAVING + 1; i++) {
            new Session(dns, PHONE);
        }
        while (dns.makeRoom()) {}
        assertThat(gone).hasSize(EvictableSessions.MOST_LEAVING);

        dns.remove(gone.get(0));

        assertThat(dns.makeRoom()).isTrue();
    }

    @Test
    void aFloodOfNewcomersEndsNoMoreThanABoundedNumberASecond() {
        assertThat(endedAtMostNow()).isEqualTo(EvictableSessions.MOST_A_SECOND);
        clock.addAndGet(100_000_000);
        assertThat(endedAtMostNow()).isEqualTo(EvictableSessions.MOST_A_SECOND / 10);
    }

    private int endedAtMostNow() {
        int ended = 0;
        Session next = new Session(dns, PHONE);
        while (dns.makeRoom()) {
            ended++;
            dns.remove(next);
            next = new Session(dns, PHONE);
        }
        return ended;
    }
}
