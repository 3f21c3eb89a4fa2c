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
    /// @param turns in order of creation
    static List<String> next(List<Turn> turns, Claimant claimant, Instant now, int limit) {
        if (turns.stream().anyMatch(turn -> isBeingHandled(turn, claimant, now))) {
            return List.of();
        }
        List<String> run = new ArrayList<>();
        for (Turn turn : turns) {
            boolean due = turn.isDue(now);
            boolean takesLatest = takesLatest(turn, claimant);
            if (due && takesLatest) {
                return run.isEmpty() ? thoseOfTheLatest(turns, claimant, limit) : run;
            }
            if (due) {
                run.add(turn.id());
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
    private static List<String> thoseOfTheLatest(List<Turn> turns, Claimant claimant, int limit) {
        return turns.stream()
                .filter(turn -> takesLatest(turn, claimant))
                .limit(limit)
                .map(Turn::id)
                .toList();
    }

    private static boolean takesLatest(Turn turn, Claimant claimant) {
        return claimant.takesLatest().test(turn.object().source(), turn.type());
    }
}
