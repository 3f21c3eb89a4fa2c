package dev.hearth.webhook;

import dev.hearth.webhook.InboxClaims.Claimant;
import dev.hearth.webhook.InboxClaims.Turn;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Whose turn it is among the events of one object.
final class ObjectTurn {
    private ObjectTurn() {}

    /// The events to be handled next, in order: none while one is being handled, and none after one that
    /// failed and holds back until its next try.
    ///
    /// An event that is suspect comes alone, and only where it may; those behind it wait.
    ///
    /// @param turns in order of creation
    static List<Turn> next(
            List<Turn> turns, Claimant claimant, boolean takesSuspect, Instant now, int limit) {
        if (turns.stream().anyMatch(turn -> isBeingHandled(turn, claimant, now))) {
            return List.of();
        }
        List<Turn> run = new ArrayList<>();
        for (Turn turn : turns) {
            boolean due = turn.isDue(now);
            boolean takesLatest = takesLatest(turn, claimant);
            if (due && takesLatest) {
                return run.isEmpty() ? thoseOfTheLatest(turns, claimant, takesSuspect, limit) : run;
            }
            if (due && turn.isSuspect()) {
                return run.isEmpty() && takesSuspect ? List.of(turn) : run;
            }
            if (due) {
                run.add(turn);
            }
            if (run.size() == limit || (!due && turn.holdsBack())) {
                break;
            }
        }
        return run;
    }

    private static boolean isBeingHandled(Turn turn, Claimant claimant, Instant now) {
        return turn.processing()
                && (turn.nextAt().isAfter(now) || claimant.inHand().test(turn.id()));
    }

    /// Also those that failed and wait for their next try: the latest stands for them.
    private static List<Turn> thoseOfTheLatest(
            List<Turn> turns, Claimant claimant, boolean takesSuspect, int limit) {
        List<Turn> those =
                turns.stream().filter(turn -> takesLatest(turn, claimant)).limit(limit).toList();
        return takesSuspect || those.stream().noneMatch(Turn::isSuspect) ? those : List.of();
    }

    private static boolean takesLatest(Turn turn, Claimant claimant) {
        return claimant.takesLatest().test(turn.object().source(), turn.type());
    }
}
