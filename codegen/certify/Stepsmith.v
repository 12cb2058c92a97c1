(* What every exported theorem uses. Nothing is assumed here beyond the real numbers of Coq's library. *)
Require Import Reals Lra Lia Psatz Nsatz.
Open Scope R_scope.

(** * What statements are made of *)

Definition sgn (x : R) : R := if Rlt_dec 0 x then 1 else if Rlt_dec x 0 then -1 else 0.

(* f 1 + ... + f t *)
Fixpoint past_sum (f : nat -> R) (t : nat) : R :=
  match t with O => 0 | S k => past_sum f k + f (S k) end.

(* the largest of f 1, ..., f t; of none it is 0 *)
Fixpoint past_max (f : nat -> R) (t : nat) : R :=
  match t with O => 0 | S O => f 1%nat | S k => Rmax (past_max f k) (f (S k)) end.

(* f 1 * ... * f t *)
Fixpoint product (f : nat -> R) (t : nat) : R :=
  match t with O => 1 | S k => product f k * f (S k) end.

(* f (i + 1) * ... * f t *)
Definition later_product (f : nat -> R) (i t : nat) : R := product (fun j => f (i + j)%nat) (t - i).

(* x ^ p for a real p; of a negative x it says nothing *)
Definition rpow (x p : R) : R := if Rlt_dec 0 x then Rpower x p else if Req_EM_T p 0 then 1 else 0.

(** * Sums over the past *)

Lemma past_sum_ext : forall f g t, (forall k, (k < t)%nat -> f (S k) = g (S k)) -> past_sum f t = past_sum g t.
Proof.
  intros f g t H. induction t as [|t IH]; [reflexivity|].
  simpl. rewrite IH, H; [reflexivity | lia | intros k K; apply H; lia].
Qed.

Lemma past_sum_scaled : forall c f t, past_sum (fun i => c * f i) t = c * past_sum f t.
Proof. intros. induction t as [|t IH]; simpl; [ring | rewrite IH; ring]. Qed.

(* what a linear recurrence has summed up is multiplied by its factor, and the newest term comes without it *)
Lemma past_sum_step : forall d x t,
  past_sum (fun i => d ^ (S t - i) * x i) (S t) = d * past_sum (fun i => d ^ (t - i) * x i) t + x (S t).
Proof.
  intros. change (past_sum (fun i => d ^ (S t - i) * x i) t + d ^ (S t - S t) * x (S t)
    = d * past_sum (fun i => d ^ (t - i) * x i) t + x (S t)).
  rewrite Nat.sub_diag, <- past_sum_scaled. simpl (d ^ 0). rewrite Rmult_1_l. f_equal.
  apply past_sum_ext. intros k K. replace (S t - S k)%nat with (S (t - S k)) by lia. simpl. ring.
Qed.

Theorem series : forall d c (s x : nat -> R),
  (forall t, s (S t) = d * s t + c * x (S t)) ->
  forall t, s t = d ^ t * s 0%nat + c * past_sum (fun i => d ^ (t - i) * x i) t.
Proof.
  intros d c s x H t. induction t as [|t IH]; [simpl; ring|].
  rewrite H, IH, past_sum_step. simpl (d ^ S t). ring.
Qed.

Theorem weights : forall d t, past_sum (fun i => d ^ (t - i) * (1 - d)) t = 1 - d ^ t.
Proof.
  intros. induction t as [|t IH]; [simpl; ring|].
  rewrite (past_sum_step d (fun _ => 1 - d)), IH. simpl. ring.
Qed.

Lemma past_sum_apart : forall p y z t,
  past_sum (fun i => p i * (y i - z)) t = past_sum (fun i => p i * y i) t - z * past_sum p t.
Proof. intros. induction t as [|t IH]; simpl; [ring | rewrite IH; ring]. Qed.
Lemma powers : forall d t, (1 - d) * past_sum (fun i => d ^ (t - i)) t = 1 - d ^ t.
Proof.
  intros. rewrite <- weights, <- past_sum_scaled. apply past_sum_ext. intros; ring.
Qed.
Lemma powers_are : forall d t, d <> 1 -> past_sum (fun i => d ^ (t - i)) t = (1 - d ^ t) / (1 - d).
Proof. intros d t H. rewrite <- powers. field. lra. Qed.
Lemma ones : forall t, past_sum (fun _ => 1) t = INR t.
Proof. induction t as [|t IH]; [reflexivity | simpl past_sum; rewrite IH, S_INR; ring]. Qed.

(** * Expectations: all that is used of them is that they are linear *)

Definition expectation {Omega : Type} (E : (Omega -> R) -> R) : Prop :=
  (forall X Y, (forall o, X o = Y o) -> E X = E Y) /\
  (forall X Y, E (fun o => X o + Y o) = E X + E Y) /\
  (forall c X, E (fun o => c * X o) = c * E X) /\
  E (fun _ => 1) = 1.

Lemma of_one_outcome : expectation (fun X : unit -> R => X tt).
Proof. repeat split; intros; auto. Qed.

Section Expectation.
Variables (Omega : Type) (E : (Omega -> R) -> R).
Hypothesis linear : expectation E.

Lemma expected_same : forall X Y, (forall o, X o = Y o) -> E X = E Y.
Proof. exact (proj1 linear). Qed.
Lemma expected_constant : forall c, E (fun _ => c) = c.
Proof.
  destruct linear as (ext & _ & scale & one). intros.
  rewrite (ext (fun _ => c) (fun o => c * 1)) by (intros; ring). rewrite (scale c (fun _ => 1)), one. ring.
Qed.
Lemma expected_made : forall p q r X Y, E (fun o => p * X o + q * Y o + r) = p * E X + q * E Y + r.
Proof.
  destruct linear as (_ & plus & scale & _). intros.
  rewrite (plus (fun o => p * X o + q * Y o) (fun _ => r)), (plus (fun o => p * X o) (fun o => q * Y o)), !scale.
  rewrite expected_constant. reflexivity.
Qed.
Lemma expected_is : forall p q r X Y x y, E X = x -> E Y = y -> E (fun o => p * X o + q * Y o + r) = p * x + q * y + r.
Proof. intros p q r X Y x y H K. rewrite expected_made, H, K. reflexivity. Qed.
Theorem expected_recurrence : forall (s x : nat -> Omega -> R) (a b d c : nat -> R) M,
  (forall t o, s (S t) o = a t * s t o + b t * x (S t) o + d t) ->
  (forall t, E (x (S t)) = M) -> E (s 0%nat) = c 0%nat ->
  (forall t, a t * c t + b t * M + d t = c (S t)) -> forall t, E (s t) = c t.
Proof.
  intros s x a b d c M H X B C t. induction t as [|t IH]; [exact B|].
  rewrite (expected_same _ (fun o => a t * s t o + b t * x (S t) o + d t)) by apply H.
  rewrite expected_made, IH, X. apply C.
Qed.
Theorem expected_series : forall (s x : nat -> Omega -> R) d c,
  (forall t o, s (S t) o = d * s t o + c * x (S t) o) ->
  forall t, E (s t) = d ^ t * E (s 0%nat) + c * past_sum (fun i => d ^ (t - i) * E (x i)) t.
Proof.
  intros s x d c H. apply (series d c (fun t => E (s t)) (fun t => E (x t))). intro t.
  rewrite (expected_same _ (fun o => d * s t o + c * x (S t) o + 0)) by (intros; rewrite H; ring).
  rewrite expected_made. ring.
Qed.
End Expectation.

(** * Signs *)

Lemma pow_upto : forall b t, 0 <= b <= 1 -> 0 <= b ^ t <= 1.
Proof. intros b t H. induction t; simpl; nra. Qed.
Lemma pow_below : forall b t, 0 <= b < 1 -> 0 <= b ^ S t <= b.
Proof. intros b t H. simpl. pose proof (pow_upto b t). nra. Qed.
Lemma inr_positive : forall t, 1 <= INR (S t).
Proof. intros. rewrite S_INR. pose proof (pos_INR t). lra. Qed.
Lemma inv_nonneg : forall x, 0 <= x -> 0 <= / x.
Proof. intros x [H | H]; [left; apply Rinv_0_lt_compat; exact H | rewrite <- H, Rinv_0; lra]. Qed.
Lemma div_nonneg : forall x y, 0 <= x -> 0 <= y -> 0 <= x / y.
Proof. intros. apply Rmult_le_pos; [assumption | apply inv_nonneg; assumption]. Qed.
Lemma div_positive : forall x y, 0 < x -> 0 < y -> 0 < x / y.
Proof. intros. apply Rmult_lt_0_compat; [assumption | apply Rinv_0_lt_compat; assumption]. Qed.
Lemma plus_positive_l : forall x y, 0 < x -> 0 <= y -> 0 < x + y. Proof. intros; lra. Qed.
Lemma plus_positive_r : forall x y, 0 <= x -> 0 < y -> 0 < x + y. Proof. intros; lra. Qed.
Lemma positive_nonzero : forall x, 0 < x -> x <> 0. Proof. intros; lra. Qed.
Lemma negative_nonzero : forall x, 0 < - x -> x <> 0. Proof. intros; lra. Qed.
Lemma nonzero_positive : forall x, 0 <= x -> x <> 0 -> 0 < x. Proof. intros; lra. Qed.
Lemma le_by : forall d a b, 0 <= d -> b - a = d -> a <= b. Proof. intros; lra. Qed.
Lemma ge_by : forall d a b, 0 <= d -> a - b = d -> a >= b. Proof. intros; lra. Qed.
Lemma square_nonneg : forall x, 0 <= x * x. Proof. exact Rle_0_sqr. Qed.

(* b ^ t lies between 0 and 1 where b does, and INR (S t) is at least 1 *)
Ltac power_fact b t :=
  lazymatch goal with
  | _ : 0 <= b ^ t <= _ |- _ => fail
  | _ : 0 < b ^ t |- _ => fail
  | _ => lazymatch t with
         | S ?k => first [ assert (0 <= b ^ t <= b) by (apply pow_below; lra) | assert (0 <= b ^ t <= 1) by (apply pow_upto; lra) | assert (0 < b ^ t) by (apply pow_lt; lra) ]
         | _ => first [ assert (0 <= b ^ t <= 1) by (apply pow_upto; lra) | assert (0 < b ^ t) by (apply pow_lt; lra) ]
         end
  end.
Ltac count_fact t :=
  lazymatch goal with
  | _ : 1 <= INR t |- _ => fail
  | _ : 0 <= INR t |- _ => fail
  | _ => lazymatch t with S ?k => pose proof (inr_positive k) | _ => pose proof (pos_INR t) end
  end.
Ltac no_number n := lazymatch n with O => fail | S ?k => no_number k | _ => idtac end.
Ltac facts :=
  repeat match goal with
  | |- context [?b ^ ?t] => no_number t; power_fact b t
  | H : context [?b ^ ?t] |- _ => no_number t; power_fact b t
  | |- context [INR ?t] => count_fact t
  | H : context [INR ?t] |- _ => count_fact t
  end.

(** * On which side of a number something lies, by the form that it has *)

(* each choice is one or the other *)
Ltac choices := unfold sgn; repeat match goal with |- context [if ?c then _ else _] => destruct c end.

Lemma above_max_l : forall c x y, c <= x -> c <= Rmax x y.
Proof. intros. eapply Rle_trans; [eassumption | apply Rmax_l]. Qed.
Lemma above_max_r : forall c x y, c <= y -> c <= Rmax x y.
Proof. intros. eapply Rle_trans; [eassumption | apply Rmax_r]. Qed.
Lemma over_max_l : forall c x y, c < x -> c < Rmax x y.
Proof. intros. eapply Rlt_le_trans; [eassumption | apply Rmax_l]. Qed.
Lemma over_max_r : forall c x y, c < y -> c < Rmax x y.
Proof. intros. eapply Rlt_le_trans; [eassumption | apply Rmax_r]. Qed.
Lemma below_min_l : forall c x y, x <= c -> Rmin x y <= c.
Proof. intros. eapply Rle_trans; [apply Rmin_l | eassumption]. Qed.
Lemma below_min_r : forall c x y, y <= c -> Rmin x y <= c.
Proof. intros. eapply Rle_trans; [apply Rmin_r | eassumption]. Qed.
Lemma under_min_l : forall c x y, x < c -> Rmin x y < c.
Proof. intros. eapply Rle_lt_trans; [apply Rmin_l | eassumption]. Qed.
Lemma under_min_r : forall c x y, y < c -> Rmin x y < c.
Proof. intros. eapply Rle_lt_trans; [apply Rmin_r | eassumption]. Qed.
Lemma apart_difference : forall x y, y < x -> 0 < x - y. Proof. intros; lra. Qed.
Lemma no_more_difference : forall x y, y <= x -> 0 <= x - y. Proof. intros; lra. Qed.
Lemma less_what_is_not_negative : forall x y, 0 <= y -> x - y <= x. Proof. intros; lra. Qed.
Lemma less_what_is_positive : forall x y, 0 < y -> x - y < x. Proof. intros; lra. Qed.
Lemma times_upto_one : forall x y, 0 <= x -> x <= 1 -> 0 <= y -> y <= 1 -> x * y <= 1.
Proof. intros. replace 1 with (1 * 1) by ring. apply Rmult_le_compat; assumption. Qed.
Lemma times_under_one_l : forall x y, 0 <= x -> x < 1 -> 0 <= y -> y <= 1 -> x * y < 1.
Proof. intros. apply Rle_lt_trans with (x * 1); [apply Rmult_le_compat_l; assumption | lra]. Qed.
Lemma times_under_one_r : forall x y, 0 <= x -> x <= 1 -> 0 <= y -> y < 1 -> x * y < 1.
Proof. intros. rewrite Rmult_comm. apply times_under_one_l; assumption. Qed.
Lemma ratio_upto_one : forall x y, 0 < y -> x <= y -> x / y <= 1.
Proof. intros. apply Rmult_le_reg_r with y; [assumption|]. replace (x / y * y) with x by (field; lra). lra. Qed.
Lemma ratio_under_one : forall x y, 0 < y -> x < y -> x / y < 1.
Proof. intros. apply Rmult_lt_reg_r with y; [assumption|]. replace (x / y * y) with x by (field; lra). lra. Qed.
Lemma pow_upto_one : forall x n, 0 <= x -> x <= 1 -> x ^ n <= 1.
Proof. intros. apply (pow_upto x n). lra. Qed.
Lemma pow_under_one : forall x n, 0 <= x -> x < 1 -> x ^ S n < 1.
Proof. intros. pose proof (pow_below x n). lra. Qed.
Lemma pow_max_under_one : forall x n, 0 <= x -> x < 1 -> x ^ Nat.max 1 n < 1.
Proof. intros x [|n] X Y; [rewrite pow_1; exact Y | apply pow_under_one; assumption]. Qed.
Lemma sqrt_upto_one : forall x, x <= 1 -> sqrt x <= 1.
Proof. intros. rewrite <- sqrt_1. apply sqrt_le_1_alt. assumption. Qed.
Lemma sqrt_under_one : forall x, 0 <= x -> x < 1 -> sqrt x < 1.
Proof. intros. rewrite <- sqrt_1. apply sqrt_lt_1_alt. split; assumption. Qed.
Lemma ln_positive : forall x, 1 < x -> 0 < ln x.
Proof. intros. rewrite <- ln_1. apply ln_increasing; lra. Qed.
Lemma ln_negative : forall x, 0 < x -> x < 1 -> ln x < 0.
Proof. intros. rewrite <- ln_1. apply ln_increasing; lra. Qed.
Lemma rpow_nonneg : forall x p, 0 <= rpow x p.
Proof. intros. unfold rpow. destruct (Rlt_dec 0 x); [left; apply exp_pos | destruct (Req_EM_T p 0); lra]. Qed.
Lemma rpow_positive : forall x p, 0 < x -> 0 < rpow x p.
Proof. intros. unfold rpow. destruct (Rlt_dec 0 x); [apply exp_pos | contradiction]. Qed.
Lemma exp_upto_one : forall x, x <= 0 -> exp x <= 1.
Proof. intros x [H | ->]; [left; rewrite <- exp_0; apply exp_increasing; exact H | rewrite exp_0; lra]. Qed.
Lemma exp_under_one : forall x, x < 0 -> exp x < 1.
Proof. intros. rewrite <- exp_0. apply exp_increasing. assumption. Qed.
Lemma times_below : forall x y, 0 <= x -> y <= 0 -> x * y <= 0. Proof. intros; nra. Qed.
Lemma below_times : forall x y, x <= 0 -> 0 <= y -> x * y <= 0. Proof. intros; nra. Qed.
Lemma times_under : forall x y, 0 < x -> y < 0 -> x * y < 0. Proof. intros; nra. Qed.
Lemma under_times : forall x y, x < 0 -> 0 < y -> x * y < 0. Proof. intros; nra. Qed.
Lemma below_and_below : forall x y, x <= 0 -> y <= 0 -> x + y <= 0. Proof. intros; lra. Qed.
Lemma under_and_below : forall x y, x < 0 -> y <= 0 -> x + y < 0. Proof. intros; lra. Qed.
Lemma below_and_under : forall x y, x <= 0 -> y < 0 -> x + y < 0. Proof. intros; lra. Qed.
Lemma ln_upto_zero : forall x, 0 < x -> x <= 1 -> ln x <= 0.
Proof. intros x P [H | ->]; [left; apply ln_negative; assumption | rewrite ln_1; lra]. Qed.
Lemma rpow_upto_one : forall x p, x <= 1 -> 0 <= p -> rpow x p <= 1.
Proof.
  intros x p X P. unfold rpow. destruct (Rlt_dec 0 x); [|destruct (Req_EM_T p 0); lra].
  apply exp_upto_one, times_below; [assumption | apply ln_upto_zero; assumption].
Qed.
Lemma rpow_under_one : forall x p, x < 1 -> 0 < p -> rpow x p < 1.
Proof.
  intros x p X P. unfold rpow. destruct (Rlt_dec 0 x); [|destruct (Req_EM_T p 0); lra].
  apply exp_under_one, times_under; [assumption | apply ln_negative; assumption].
Qed.
Lemma rpow_of_more : forall x p, 1 <= x -> p <= 0 -> rpow x p <= 1.
Proof.
  intros x p X P. unfold rpow. destruct (Rlt_dec 0 x); [|lra]. apply exp_upto_one.
  destruct X as [X | <-]; [|rewrite ln_1; lra]. apply below_times; [assumption | left; apply ln_positive; assumption].
Qed.
Lemma above_sum : forall x y z, x <= y -> 0 <= z -> x <= y + z. Proof. intros; lra. Qed.
Lemma over_sum : forall x y z, x <= y -> 0 < z -> x < y + z. Proof. intros; lra. Qed.
Lemma quotient_upto : forall x y, 0 <= x -> 1 <= y -> x / y <= x.
Proof.
  intros. apply Rmult_le_reg_r with y; [lra|]. replace (x / y * y) with (x * 1) by (field; lra).
  apply Rmult_le_compat_l; assumption.
Qed.
Lemma over_sum_l : forall x y z, x < y -> 0 <= z -> x < y + z. Proof. intros; lra. Qed.
Lemma share_upto : forall x y, 0 <= x -> y <= 1 -> x * y <= x.
Proof. intros. apply Rle_trans with (x * 1); [apply Rmult_le_compat_l; assumption | lra]. Qed.
Lemma share_upto_r : forall x y, 0 <= x -> y <= 1 -> y * x <= x.
Proof. intros. rewrite Rmult_comm. apply share_upto; assumption. Qed.
Lemma quotients : forall x y d, 0 < d -> x <= y -> x / d <= y / d.
Proof. intros. apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat; assumption | assumption]. Qed.
Lemma negative_upto_zero : forall x, 0 <= x -> - x <= 0. Proof. intros; lra. Qed.
Lemma abs_apart : forall x, 0 < Rabs x -> x <> 0.
Proof. intros x H E. rewrite E, Rabs_R0 in H. lra. Qed.
Lemma under_apart : forall x, x < 0 -> x <> 0. Proof. intros; lra. Qed.

Lemma mean_of_squares : forall r a g v, 0 <= r -> r <= 1 -> a * a <= v ->
  (a * (1 - r) + r * g) * (a * (1 - r) + r * g) <= v * (1 - r) + r * g ^ 2.
Proof.
  intros. apply Rle_trans with (a * a * (1 - r) + r * g ^ 2).
  - apply Rminus_le. replace (_ - _) with (- (r * (1 - r) * ((a - g) * (a - g)))) by ring.
    pose proof (square_nonneg (a - g)). assert (0 <= r * (1 - r) * ((a - g) * (a - g))); [|lra].
    apply Rmult_le_pos; [apply Rmult_le_pos|]; lra.
  - apply Rplus_le_compat_r, Rmult_le_compat_r; lra.
Qed.
(* What a form is left no choice of is tried once: each goes to parts of it. *)
Ltac low :=
  first
  [ assumption
  | lazymatch goal with
    | |- 0 <= sqrt _ => apply sqrt_pos
    | |- 0 <= Rabs _ => apply Rabs_pos
    | |- 0 <= INR _ => apply pos_INR
    | |- 0 <= exp _ => left; apply exp_pos
    | |- 0 <= Rpower _ _ => left; apply exp_pos
    | |- 0 <= rpow _ _ => apply rpow_nonneg
    | |- 0 <= ln _ => left; apply ln_positive; over
    | |- 0 <= _ ^ 2 => apply pow2_ge_0
    | |- 0 <= _ ^ _ => apply pow_le; low
    | |- 0 <= ?x * ?x => apply square_nonneg
    | |- 0 <= _ * _ => apply Rmult_le_pos; low
    | |- 0 <= _ / _ => apply div_nonneg; low
    | |- 0 <= / _ => apply inv_nonneg; low
    | |- 0 <= _ + _ => apply Rplus_le_le_0_compat; low
    | |- _ <= Rmax _ _ => first [apply above_max_l; low | apply above_max_r; low]
    | |- _ <= Rmin _ _ => apply Rmin_glb; low
    | |- Rmax _ _ <= _ => apply Rmax_lub; low
    | |- Rmin _ _ <= _ => first [apply below_min_l; low | apply below_min_r; low]
    | |- 0 <= _ - _ => apply no_more_difference; low
    | |- _ <= _ + _ => apply above_sum; low
    | |- ?x / _ <= ?x => apply quotient_upto; low
    | |- Rabs _ <= _ => apply Rabs_le; split; low
    | |- - _ <= 0 => apply negative_upto_zero; low
    | |- _ / ?d <= _ / ?d => apply quotients; [over | low]
    | |- ?x * _ <= ?x => apply share_upto; low
    | |- _ * ?x <= ?x => apply share_upto_r; low
    | |- ?x * _ <= ?x * _ => apply Rmult_le_compat_l; low
    | |- _ * ?x <= _ * ?x => apply Rmult_le_compat_r; low
    | |- ?x - _ <= ?x => apply less_what_is_not_negative; low
    | |- _ * _ <= 0 => first [apply times_below; low | apply below_times; low]
    | |- _ + _ <= 0 => apply below_and_below; low
    | |- ln _ <= 0 => apply ln_upto_zero; [over | low]
    | |- _ * _ <= 1 => apply times_upto_one; low
    | |- _ / _ <= 1 => apply ratio_upto_one; [over | low]
    | |- _ ^ _ <= 1 => apply pow_upto_one; low
    | |- sqrt _ <= 1 => apply sqrt_upto_one; low
    | |- exp _ <= 1 => apply exp_upto_one; low
    | |- rpow _ _ <= 1 => first [apply rpow_upto_one; low | apply rpow_of_more; low]
    end
  | lra
  | lazymatch goal with |- 0 <= _ => apply Rlt_le; over end ]
with over :=
  first
  [ assumption
  | lazymatch goal with
    | |- 0 < exp _ => apply exp_pos
    | |- 0 < Rpower _ _ => apply exp_pos
    | |- 0 < sqrt _ => apply sqrt_lt_R0; over
    | |- 0 < rpow _ _ => apply rpow_positive; over
    | |- 0 < ln _ => apply ln_positive; over
    | |- ln _ < 0 => apply ln_negative; over
    | |- 0 < _ ^ _ => apply pow_lt; over
    | |- 0 < _ * _ => apply Rmult_lt_0_compat; over
    | |- 0 < _ / _ => apply div_positive; over
    | |- 0 < / _ => apply Rinv_0_lt_compat; over
    | |- 0 < _ + _ => first [apply plus_positive_r; [low | over] | apply plus_positive_l; [over | low]]
    | |- _ < Rmax _ _ => first [apply over_max_l; over | apply over_max_r; over]
    | |- _ < Rmin _ _ => apply Rmin_glb_lt; over
    | |- Rmax _ _ < _ => apply Rmax_lub_lt; over
    | |- Rmin _ _ < _ => first [apply under_min_l; over | apply under_min_r; over]
    | |- 0 < _ - _ => apply apart_difference; over
    | |- _ < _ + _ => first [apply over_sum; [low | over] | apply over_sum_l; [over | low]]
    | |- ?x - _ < ?x => apply less_what_is_positive; over
    | |- _ * _ < 0 => first [apply times_under; over | apply under_times; over]
    | |- _ + _ < 0 => first [apply under_and_below; [over | low] | apply below_and_under; [low | over]]
    | |- _ * _ < 1 => first [apply times_under_one_l; first [over | low] | apply times_under_one_r; first [over | low]]
    | |- _ / _ < 1 => apply ratio_under_one; over
    | |- _ ^ S _ < 1 => apply pow_under_one; [low | over]
    | |- _ ^ Nat.max 1 _ < 1 => apply pow_max_under_one; [low | over]
    | |- sqrt _ < 1 => apply sqrt_under_one; [low | over]
    | |- exp _ < 1 => apply exp_under_one; over
    | |- rpow _ _ < 1 => apply rpow_under_one; over
    end
  | lra
  | match goal with H : ?x <> 0 |- 0 < ?x => apply nonzero_positive; [low | exact H] end ].
Ltac apart :=
  first
  [ assumption
  | solve [apply positive_nonzero; over]
  | solve [apply under_apart; over]
  | solve [apply negative_nonzero; over]
  | lazymatch goal with
    | |- _ * _ <> 0 => apply Rmult_integral_contrapositive_currified; apart
    | |- _ ^ _ <> 0 => apply pow_nonzero; apart
    | |- / _ <> 0 => apply Rinv_neq_0_compat; apart
    end
  | lra
  | apply abs_apart; lra
  | match goal with H : ?y <> 0 |- ?x <> 0 => first
      [ replace x with y by ring; exact H | replace x with (- y) by ring; apply Ropp_neq_0_compat; exact H
      | intro; apply H; lra ] end
  | let Z := fresh "Z" in intro Z;
    lazymatch type of Z with ?x = 0 =>
      multimatch goal with H : context [x] |- _ => lazymatch H with Z => fail | _ => rewrite Z in H; lra end end end ].
(* the square of a mean is at most the mean of squares *)
Ltac mean_of_squares :=
  repeat match goal with
  | |- ?x ^ 2 <= _ => replace (x ^ 2) with (x * x) by ring
  | K : ?a ^ 2 <= _ |- _ => replace (a ^ 2) with (a * a) in K by ring
  end;
  match goal with K : ?a * ?a <= ?v |- ?x * ?x <= ?y =>
    match y with context [?g ^ 2] =>
      match y with context [1 - ?b] =>
        first [ replace x with (a * (1 - b) + b * g) by ring; replace y with (v * (1 - b) + b * g ^ 2) by ring;
                apply mean_of_squares; [low | low | exact K]
              | replace x with (a * (1 - (1 - b)) + (1 - b) * g) by ring;
                replace y with (v * (1 - (1 - b)) + (1 - b) * g ^ 2) by ring;
                apply mean_of_squares; [low | low | exact K] ]
      end
    end
  end.
(* where powers and absolute values lie, so that what depends on them is linear *)
Ltac ranges :=
  repeat match goal with
  | |- context [Rabs ?x] => lazymatch goal with _ : x <= Rabs x |- _ => fail | _ =>
      pose proof (Rle_abs x); pose proof (Rle_abs (- x)); rewrite (Rabs_Ropp x) in * end
  | |- context [rpow ?x ?p] => lazymatch goal with _ : 0 <= rpow x p |- _ => fail | _ =>
      pose proof (rpow_nonneg x p); try assert (rpow x p <= 1) by low end
  end.
Ltac side :=
  lazymatch goal with
  | |- ?x * ?x <= _ => first [low | mean_of_squares | nra]
  | |- _ ^ 2 <= _ => first [low | mean_of_squares | nra]
  | |- _ <= _ => first [low | nra]
  | |- _ < _ => first [over | nra]
  | |- _ >= _ => apply Rle_ge; low
  | |- _ > _ => apply Rlt_gt; over
  | |- _ <> _ => apart
  end.
Ltac sign := facts; first [solve [side] | choices; ranges; side].

(** * Roots, absolute values, choices *)

Lemma root_is : forall u v, 0 <= v -> v * v = u -> sqrt u = v.
Proof. intros u v V H. rewrite <- H. apply sqrt_square. exact V. Qed.
Lemma abs_square : forall x, Rabs x * Rabs x = x * x.
Proof. intros. rewrite <- Rabs_mult. apply Rabs_pos_eq. apply Rle_0_sqr. Qed.

(* sqrt u becomes a number s with 0 <= s and s * s = u, where u is not negative *)
Ltac name_root u :=
  let U := fresh "U" in let Q := fresh "Q" in let P := fresh "P" in
  assert (U : 0 <= u) by low;
  pose proof (sqrt_pos u) as P; pose proof (sqrt_sqrt u U) as Q;
  try (assert (0 < sqrt u) by (apply sqrt_lt_R0; over));
  let s := fresh "s" in set (s := sqrt u) in *; clearbody s.
Ltac name_roots :=
  repeat match goal with
  | |- context [sqrt ?u] => lazymatch u with context [sqrt _] => fail | _ => name_root u end
  | H : context [sqrt ?u] |- _ => lazymatch u with context [sqrt _] => fail | _ => name_root u end
  end.
(* Rabs x becomes a number a with 0 <= a and a * a = x * x *)
Ltac name_abs x :=
  let P := fresh "P" in let Q := fresh "Q" in
  pose proof (Rabs_pos x) as P; pose proof (abs_square x) as Q;
  let a := fresh "a" in set (a := Rabs x) in *; clearbody a.
Ltac name_abses :=
  repeat match goal with
  | |- context [Rabs ?x] => lazymatch x with context [Rabs _] => fail | _ => name_abs x end
  | H : context [Rabs ?x] |- _ => lazymatch x with context [Rabs _] => fail | _ => name_abs x end
  end.
(* b ^ t becomes a number, of which what is known is known already *)
Ltac name_powers :=
  repeat match goal with
  | |- context [?b ^ ?t] => no_number t; let p := fresh "p" in set (p := b ^ t) in *; clearbody p
  end.

Ltac innermost x :=
  lazymatch x with
  | context [Rabs _] => fail | context [Rmax _ _] => fail | context [Rmin _ _] => fail | context [sgn _] => fail
  | context [if _ then _ else _] => fail | _ => idtac
  end.
Ltac split_one :=
  match goal with
  | |- context [if ?c then _ else _] => innermost c; destruct c
  | |- context [Rmax ?x ?y] => innermost x; innermost y; destruct (Rle_dec x y);
      [rewrite (Rmax_right x y) in * by assumption | rewrite (Rmax_left x y) in * by lra]
  | |- context [Rmin ?x ?y] => innermost x; innermost y; destruct (Rle_dec x y);
      [rewrite (Rmin_left x y) in * by assumption | rewrite (Rmin_right x y) in * by lra]
  | |- context [Rabs ?x] => innermost x; destruct (Rle_dec 0 x);
      [rewrite (Rabs_pos_eq x) in * by assumption | rewrite (Rabs_left1 x) in * by lra]
  end.
Ltac cases := unfold sgn in *; repeat (split_one; try (exfalso; lra)).

Ltac conjuncts := repeat match goal with H : _ /\ _ |- _ => destruct H end.

(** * Closing *)

Ltac flat :=
  repeat match goal with
  | |- context [?x ^ S (S ?n)] => change (x ^ S (S n)) with (x * x ^ S n)
  | |- context [?x ^ 1%nat] => rewrite (pow_1 x)
  | H : context [?x ^ S (S ?n)] |- _ => change (x ^ S (S n)) with (x * x ^ S n) in H
  | H : context [?x ^ 1%nat] |- _ => rewrite (pow_1 x) in H
  end.
(* Buchberger's algorithm finds how the goal follows from equations; what it finds is checked like all else. It is not
   to see anything but equations, and powers have to be products. *)
Ltac equations :=
  repeat match goal with
  | H : ?T |- _ => lazymatch type of T with Prop => lazymatch T with @eq R _ _ => fail | _ => clear H end end
  end.
Ltac by_ideal := solve [flat; equations; nsatz].
Ltac same_zero :=
  match goal with
  | H : ?y <> 0 |- ?x <> 0 =>
    solve [let Z := fresh in intro Z; apply H; field_simplify_eq; [first [lra | by_ideal] | repeat split; apart]
          | let Z := fresh in intro Z; apply H; field_simplify_eq; first [lra | by_ideal]]
  end.
Ltac sides := repeat split; first [apart | same_zero].
Ltac close :=
  first [ reflexivity | solve [unfold Rdiv; ring] | solve [field; sides] | solve [lra]
        | solve [field_simplify_eq; [first [lra | by_ideal] | sides]] | solve [nra] ].
Ltac numbers :=
  change (INR 1) with 1 in *; change (INR 0) with 0 in *; cbn [Nat.mul Nat.add Nat.max Nat.min]; rewrite ?pow_1, ?pow_O in *.
(* one root that is spelled in two ways *)
Ltac same_roots :=
  repeat match goal with |- context [sqrt ?u] =>
    match goal with |- context [sqrt ?v] =>
      lazymatch v with u => fail | _ => replace (sqrt v) with (sqrt u) by (f_equal; first [ring | field; sides]) end
    end
  end.
Ltac equal := numbers; same_roots; first [ reflexivity | solve [unfold Rdiv; ring] | solve [field; sides] ].
Lemma rpow_0 : forall p, 0 < p -> rpow 0 p = 0.
Proof. intros. unfold rpow. destruct (Rlt_dec 0 0); [lra|]. destruct (Req_EM_T p 0); lra. Qed.
Lemma rpow_1 : forall p, rpow 1 p = 1.
Proof.
  intros. unfold rpow. destruct (Rlt_dec 0 1); [|lra].
  unfold Rpower. rewrite ln_1, Rmult_0_r. apply exp_0.
Qed.
Lemma sgn_of_positive : forall x, 0 < x -> sgn x = 1.
Proof. intros. unfold sgn. destruct (Rlt_dec 0 x); lra. Qed.
Lemma sgn_scaled : forall a x, 0 < a -> sgn (a * x) = sgn x.
Proof.
  intros a x A. unfold sgn.
  destruct (Rlt_dec 0 x), (Rlt_dec x 0), (Rlt_dec 0 (a * x)), (Rlt_dec (a * x) 0); try reflexivity; exfalso; nra.
Qed.
Lemma sgn_scaled_r : forall a x, 0 < a -> sgn (x * a) = sgn x.
Proof. intros. rewrite Rmult_comm. apply sgn_scaled. assumption. Qed.
(* what functions and choices are where signs decide *)
Ltac decide_by_signs :=
  repeat match goal with
  | |- context [rpow 0 ?p] => rewrite (rpow_0 p) by over
  | |- context [rpow 1 ?p] => rewrite (rpow_1 p)
  | |- context [rpow ?x ?p] => replace x with 0 by ring; rewrite (rpow_0 p) by over
  | |- context [sqrt 1] => rewrite sqrt_1
  | |- context [sqrt 0] => rewrite sqrt_0
  | |- context [?x - 0] => rewrite (Rminus_0_r x)
  | |- context [sqrt (?a ^ 2)] => replace (a ^ 2) with (Rsqr a) by (unfold Rsqr; ring); rewrite (sqrt_Rsqr_abs a)
  | |- context [Rabs ?x] => first [rewrite (Rabs_pos_eq x) by low | rewrite (Rabs_left1 x) by low]
  | |- context [Rmax ?x ?y] => first [rewrite (Rmax_left x y) by low | rewrite (Rmax_right x y) by low]
  | |- context [Rmin ?x ?y] => first [rewrite (Rmin_left x y) by low | rewrite (Rmin_right x y) by low]
  | |- context [sgn (?a * ?x)] => first [rewrite (sgn_scaled a x) by over | rewrite (sgn_scaled_r x a) by over]
  | |- context [sgn ?x] => rewrite (sgn_of_positive x) by over
  | |- context [sqrt ?x] => replace x with 1 by ring; rewrite sqrt_1
  | |- context [sqrt ?x] => replace x with 0 by ring; rewrite sqrt_0
  | |- context [Rmin ?x ?y] => replace y with 1 by (field; sides)
  | |- context [if ?test then _ else _] =>
      lazymatch type of test with
      | {?x > ?y} + {_} => first
          [ destruct test as [_ | N]; [|exfalso; apply N, Rlt_gt; solve [over | lra]]
          | destruct test as [Y | _]; [exfalso; apply (Rle_not_lt y x); [low | exact Y]|] ]
      | {?x < ?y} + {_} => first
          [ destruct test as [_ | N]; [|exfalso; apply N; solve [over | lra]]
          | destruct test as [Y | _]; [exfalso; apply (Rle_not_lt x y); [low | exact Y]|] ]
      | {?x >= ?y} + {_} => destruct test as [_ | N]; [|exfalso; apply N, Rle_ge; low]
      | {?x <= ?y} + {_} => destruct test as [_ | N]; [|exfalso; apply N; low]
      | {?x = ?y} + {_} => destruct test as [E | _]; [exfalso; revert E; apart|]
      end
  end.
Ltac plain :=
  first [ reflexivity | solve [unfold Rdiv; ring] | solve [field; sides]
        | solve [unfold Rdiv; rewrite ?Rinv_mult, ?Rinv_inv; ring]
        | solve [progress (rewrite ?S_INR in * ); field; sides] ].
(* what has a sign is positive, negative or nothing *)
Ltac by_signs :=
  match goal with |- context [sgn ?x] =>
    lazymatch x with context [sgn _] => fail | _ => idtac end;
    let L := fresh in let E := fresh in
    destruct (Rtotal_order x 0) as [L | [E | L]];
    [ try (exfalso; apply (Rlt_not_le _ _ L); solve [low]);
      replace (sgn x) with (-1) by (unfold sgn; destruct (Rlt_dec 0 x), (Rlt_dec x 0); lra); try rewrite (Rabs_left x L) in *
    | replace (sgn x) with 0 by (rewrite E; symmetry; unfold sgn; destruct (Rlt_dec 0 0); lra); rewrite ?E in *
    | rewrite (sgn_of_positive x L); try rewrite (Rabs_pos_eq x (Rlt_le _ _ L)) in * ]
  end.
(* an equation in which roots, choices and powers stand *)
Ltac finish :=
  cbv beta; numbers; facts; same_roots;
  first [ plain
        | solve [progress decide_by_signs; plain]
        | solve [by_signs; decide_by_signs; rewrite ?Rmult_0_l, ?Rmult_0_r, ?sqrt_0; plain]
        | solve [progress choices; decide_by_signs; plain]
        | close
        | solve [name_powers; name_roots; name_abses; close]
        | solve [cases; name_powers; name_roots; first [close | exfalso; nra]] ].
(* equations that have been used up are in the way of what looks at all there is *)
Ltac alone := repeat match goal with H : @eq R _ _ |- _ => clear H end.
(* what zeros leave *)
Lemma sgn_0 : sgn 0 = 0.
Proof. unfold sgn. destruct (Rlt_dec 0 0); [lra | reflexivity]. Qed.
Ltac zeros :=
  unfold Rdiv;
  repeat first
    [ rewrite Rmult_0_l | rewrite Rmult_0_r | rewrite Rplus_0_l | rewrite Rplus_0_r | rewrite Rminus_0_r | rewrite Ropp_0
    | rewrite sqrt_0 | rewrite Rabs_R0 | rewrite sgn_0 | rewrite (Rmax_left 0 0 (Rle_refl 0))
    | rewrite (Rmin_left 0 0 (Rle_refl 0))
    | match goal with |- context [0 ^ S ?n] => replace (0 ^ S n) with 0 by (simpl; ring) end ].
Ltac rests := alone; first [ solve [zeros; ring] | finish ].
(* a root or an absolute value, and what it is said to be *)
Lemma abs_is : forall x y, 0 <= y -> x * x = y * y -> Rabs x = y.
Proof. intros x y Y E. rewrite <- (Rabs_pos_eq y Y). apply Rsqr_eq_abs_0. exact E. Qed.
Ltac root :=
  facts;
  first [ reflexivity
        | lazymatch goal with
          | |- sqrt _ = sqrt _ => f_equal; close
          | |- sqrt _ = _ => apply root_is; [low | first [plain | name_powers; name_roots; name_abses; close]]
          | |- Rabs _ = _ => apply abs_is; [low | first [plain | name_abses; close]]
          end
        | solve [decide_by_signs; plain]
        | solve [by_signs; decide_by_signs; rewrite ?Rmult_0_l, ?Rmult_0_r, ?sqrt_0;
                 first [plain | apply root_is; [low | name_abses; close]]] ].
(* an inequality whose sides differ by something that is seen not to be negative *)
Ltac chosen :=
  match goal with
  | |- context [Rmax _ _] => idtac | |- context [Rmin _ _] => idtac | |- context [sgn _] => idtac
  | |- context [if _ then _ else _] => idtac
  end.
Ltac seen :=
  numbers; facts;
  first [ assumption | lra | solve [chosen; cases; first [lra | low | apply Rle_ge; low]]
        | solve [apply Rle_ge; low] | low | over ].
Ltac bound :=
  first [ seen | solve [numbers; facts; first [nra | cases; first [lra | nra]]] ].

(* what holds of each step, of the one from k to S k *)
Ltac at_step k :=
  repeat match goal with
  | H : forall t : nat, ?f (S t) = @?P t |- _ => specialize (H k); cbv beta in H
  | H : forall t : nat, @?P t |- _ => pose proof (H k); specialize (H (S k)); cbv beta in *
  end;
  conjuncts.

(* the same of what is no equation *)
Ltac at_domains k :=
  repeat match goal with
  | H : forall t : nat, @?P t |- _ =>
      lazymatch eval cbv beta in (P k) with
      | forall _, _ => fail
      | _ = _ => fail
      | _ => pose proof (H k); specialize (H (S k)); cbv beta in *
      end
  end;
  conjuncts.

(* what the values of the witness meet *)
Ltac meets :=
  intros; first
  [ lra | lia | solve [split; lra] | solve [split; lia]
  | solve [facts; first [low | over | apart | lra | apply Rle_ge; low | apply Rlt_gt; over]] ].

(** * What a file computes *)

Ltac signs := first [over | low | facts; first [lra | over | low]].
Lemma abs_div : forall a b, 0 < b -> Rabs (a / b) = Rabs a / b.
Proof. intros. unfold Rdiv. rewrite Rabs_mult, (Rabs_pos_eq (/ b)); [reflexivity | left; apply Rinv_0_lt_compat; assumption]. Qed.
Lemma abs_times : forall a b, 0 <= b -> Rabs (a * b) = Rabs a * b.
Proof. intros. rewrite Rabs_mult, (Rabs_pos_eq b); [reflexivity | assumption]. Qed.
Lemma times_abs : forall a b, 0 <= a -> Rabs (a * b) = a * Rabs b.
Proof. intros. rewrite Rabs_mult, (Rabs_pos_eq a); [reflexivity | assumption]. Qed.
Lemma sgn_div : forall a b, 0 < b -> sgn (a / b) = sgn a.
Proof.
  intros a b B. pose proof (Rinv_0_lt_compat b B). unfold sgn, Rdiv.
  destruct (Rlt_dec 0 a), (Rlt_dec a 0), (Rlt_dec 0 (a * / b)), (Rlt_dec (a * / b) 0); try reflexivity; exfalso; nra.
Qed.
Lemma root_scaled : forall u v d, 0 < d -> u = v / d -> sqrt u = sqrt v / sqrt d.
Proof. intros u v d D E. rewrite E. apply sqrt_div_alt. exact D. Qed.
(* roots and absolute values of products and quotients *)
Ltac split_roots := repeat match goal with
  | |- context [sqrt (?a ^ 2)] => rewrite (sqrt_pow2 a) by low
  | |- context [sqrt (?a * ?a)] => rewrite (sqrt_square a) by low
  | |- context [sqrt (?a / ?b)] => rewrite (sqrt_div_alt a b) by over
  | |- context [sqrt (?a * ?b)] => rewrite (sqrt_mult a b) by low
  | |- context [Rabs (?a / ?b)] => rewrite (abs_div a b) by over
  | |- context [Rabs (?a * ?b)] => first [rewrite (abs_times a b) by low | rewrite (times_abs a b) by low]
  | |- context [sgn (?a / ?b)] => rewrite (sgn_div a b) by over
  | |- context [sgn (?a * ?b)] => rewrite (sgn_scaled_r b a) by over
  end.
Ltac field_plainly := field; repeat split; apart.
Ltac plainly := first [ reflexivity | solve [ring] | solve [field_plainly] ].
(* what a function is applied to, spelled in two ways *)
Ltac same_calls :=
  repeat match goal with
  | |- context [?f ?u] =>
    lazymatch f with sqrt => idtac | Rabs => idtac | sgn => idtac | exp => idtac | ln => idtac | _ => fail end;
    match goal with |- context [f ?v] => lazymatch v with u => fail | _ => replace (f v) with (f u) in * by (f_equal; plainly) end end
  | |- context [?f ?u ?x] =>
    lazymatch f with Rmax => idtac | Rmin => idtac | Rpower => idtac | _ => fail end;
    match goal with |- context [f ?v ?y] =>
      lazymatch constr:((v, y)) with (u, x) => fail | _ =>
        first [ replace (f v y) with (f u x) by (f_equal; plainly)
              | lazymatch f with
                | Rmax => replace (f v y) with (f u x) by (rewrite (Rmax_comm v y); f_equal; plainly)
                | Rmin => replace (f v y) with (f u x) by (rewrite (Rmin_comm v y); f_equal; plainly)
                end ] end end
  end.
(* a root whose radicand is that of another, divided by what is positive *)
Ltac scaled_roots :=
  repeat match goal with
  | D : 0 < ?d |- context [sqrt ?u] =>
    match goal with |- context [sqrt ?v] =>
      lazymatch v with u => fail | _ => rewrite (root_scaled u v d D) by field_plainly end
    end
  end.
(* each choice is made in turn, and what is supposed where it is made comes to hold *)
Ltac decide_all :=
  repeat match goal with
  | |- context [if ?d then _ else _] =>
    lazymatch d with context [if _ then _ else _] => fail | _ =>
      destruct d as [?C | ?C]; try (exfalso; first [lra | congruence]);
      repeat match goal with H : ?P -> _, K : ?P |- _ => specialize (H K) end end
  end.
(* choices that functions are written as *)
Lemma same_choice : forall x a b : R, (if Req_EM_T x x then a else b) = a.
Proof. intros. destruct (Req_EM_T x x); [reflexivity | congruence]. Qed.
Lemma max_choice : forall x y, (if Rge_dec x y then x else y) = Rmax x y.
Proof. intros. unfold Rmax. destruct (Rge_dec x y), (Rle_dec x y); lra. Qed.
Lemma min_choice : forall x y, (if Rle_dec x y then x else y) = Rmin x y.
Proof. intros. unfold Rmin. destruct (Rle_dec x y); reflexivity. Qed.
Lemma sign_choice : forall x, (if Rgt_dec x 0 then 1 else (if Rlt_dec x 0 then - 1 else x)) = sgn x.
Proof. intros. unfold sgn. destruct (Rgt_dec x 0), (Rlt_dec x 0), (Rlt_dec 0 x); lra. Qed.
Ltac known_choices := rewrite ?same_choice; rewrite ?max_choice, ?min_choice, ?sign_choice.
(* two that are not apart *)
Ltac not_apart :=
  match goal with
  | H : ?x = ?y |- _ => rewrite H; plainly
  | H : ~ ?x > ?y |- _ => replace x with y by lra; plainly
  | H : ~ ?x < ?y |- _ => replace x with y by lra; plainly
  | H : ?x <= ?y |- _ => replace x with y by lra; plainly
  | H : ?x >= ?y |- _ => replace x with y by lra; plainly
  end.
Ltac by_cases :=
  progress (unfold sgn, Rmax, Rmin, Rabs; decide_all); first [ plainly | lra | solve [facts; not_apart] ].
(* of a product that does not vanish no factor does *)
Ltac split_products :=
  repeat match goal with H : ?a * ?b <> 0 |- _ => destruct (Rmult_neq_0_reg a b H); clear H end.
Ltac agrees := alone; split_products; known_choices; first
  [ plainly | solve [progress split_roots; plainly] | solve [progress same_calls; plainly]
  | solve [progress split_roots; progress same_calls; plainly] | solve [progress facts; split_roots; plainly]
  | solve [progress scaled_roots; plainly] | solve [by_cases] | solve [split_roots; same_calls; by_cases] ].
(* of a logarithm of a number, its sign *)
Ltac name_logarithms :=
  repeat match goal with |- context [ln ?u] =>
    first [ assert (ln u < 0) by (rewrite <- ln_1; apply ln_increasing; lra)
          | assert (0 < ln u) by (rewrite <- ln_1; apply ln_increasing; lra) ];
    let l := fresh "l" in set (l := ln u) in *; clearbody l end.
(* numbers in place of all names *)
Ltac at_numbers :=
  intros; simpl in *; unfold sgn, Rmax, Rmin, Rabs in *; decide_all; rewrite ?Rpower_1 by lra; name_logarithms;
  first [ lra | solve [low] | solve [over] | solve [apart]
        | solve [name_roots; intro; nra] | solve [name_roots; nra] ].

(** * One run in numbers *)

Ltac counted := cbn [INR Nat.max Nat.min Nat.add Nat.mul Nat.sub Nat.pred Nat.modulo Nat.divmod fst snd] in *.
Ltac put_told :=
  repeat match goal with V : ?f ?n = _ |- context [?f ?n] => lazymatch type of n with nat => rewrite V end end;
  counted.
Ltac decided :=
  repeat match goal with
  | |- context [Rmax ?a ?b] => first [rewrite (Rmax_left a b) by lra | rewrite (Rmax_right a b) by lra]
  | |- context [Rmin ?a ?b] => first [rewrite (Rmin_left a b) by lra | rewrite (Rmin_right a b) by lra]
  | |- context [Rabs ?a] => first [rewrite (Rabs_pos_eq a) by lra | rewrite (Rabs_left1 a) by lra]
  | |- context [if ?c then _ else _] => destruct c; try (exfalso; lra)
  end.
Ltac number := first [reflexivity | lra | field | field; lra | nra].
Ltac root_of r :=
  decided;
  match goal with
  | |- context [sqrt ?u] =>
    lazymatch u with context [sqrt _] => fail | _ => replace (sqrt u) with r by (symmetry; apply root_is; [lra | number]) end
  end.
Lemma rpow_whole : forall n x p, 0 < x -> p = INR n -> rpow x p = x ^ n.
Proof. intros n x p P ->. unfold rpow. destruct (Rlt_dec 0 x); [apply Rpower_pow; exact P | lra]. Qed.
Lemma rpow_whole_below : forall n x p, 0 < x -> p = - INR n -> rpow x p = / x ^ n.
Proof.
  intros n x p P ->. unfold rpow. destruct (Rlt_dec 0 x); [|lra]. rewrite Rpower_Ropp, Rpower_pow by exact P. reflexivity.
Qed.
(* real powers of which the value is a fraction *)
Ltac whole_powers :=
  repeat match goal with |- context [rpow ?x ?p] => first
    [ replace x with 0 by (simpl; lra); rewrite rpow_0 by (simpl; lra) | replace x with 1 by (simpl; lra); rewrite rpow_1
    | rewrite (rpow_whole 0 x p) by (simpl; lra) | rewrite (rpow_whole 1 x p) by (simpl; lra)
    | rewrite (rpow_whole 2 x p) by (simpl; lra) | rewrite (rpow_whole 3 x p) by (simpl; lra)
    | rewrite (rpow_whole 6 x p) by (simpl; lra)
    | rewrite (rpow_whole_below 1 x p) by (simpl; lra) | rewrite (rpow_whole_below 2 x p) by (simpl; lra) ] end.
Ltac told := unfold sgn in *; put_told; whole_powers; decided; number.
Ltac each_step := repeat match goal with |- context [match ?k with O => _ | S _ => _ end] => destruct k end.
(* what was said of all runs, of the step n, is no true equation *)
Ltac untrue E :=
  repeat match type of E with _ /\ _ => destruct E as [E _] end;
  revert E; put_told; intro E; lra.
Ltac false_in E n := let F := fresh in pose proof (E n) as F; untrue F.

(** * The step of a run *)

(* what holds of all steps is looked at from t to S t, but for equations *)
Ltac in_step t :=
  repeat match goal with
  | H : forall k : nat, _ |- _ =>
    lazymatch type of H with
    | forall k, _ = _ => fail
    | ?P => lazymatch type of P with Prop => pose proof (H t); specialize (H (S t)) end
    end
  end;
  repeat match goal with H : (?a <= ?b)%nat |- _ => apply le_INR in H; simpl INR at 1 in H end.


(** * Schedules *)

Lemma zero_div : forall p, (0 / p = 0)%nat.
Proof. destruct p; [reflexivity | apply Nat.div_0_l; lia]. Qed.
Lemma zero_mod : forall p, (1 <= p)%nat -> (0 mod p = 0)%nat.
Proof. intros. apply Nat.mod_0_l. lia. Qed.
Lemma sqrt_above_one : forall x, 1 <= x -> 1 <= sqrt x.
Proof. intros. rewrite <- sqrt_1. apply sqrt_le_1_alt. assumption. Qed.
Lemma Rmin_le : forall c x y, x <= y -> Rmin c x <= Rmin c y.
Proof. intros. unfold Rmin. repeat destruct Rle_dec; lra. Qed.

(* what is known of natural numbers, of their real numbers *)
Ltac reals :=
  repeat match goal with
  | H : (?x <= ?y)%nat |- _ => let r := fresh "real" in pose proof (le_INR x y H) as r; revert H
  | H : ?x = ?y :> nat |- _ => let r := fresh "real" in pose proof (f_equal INR H) as r; revert H
  end;
  intros; repeat rewrite ?S_INR, ?plus_INR in *; change (INR 0) with 0 in *; change (INR 1) with 1 in *;
  repeat match goal with
  | |- context [INR ?t] => lazymatch goal with _ : 0 <= INR t |- _ => fail | _ => pose proof (pos_INR t) end
  | |- context [1 - ?x ^ 2] =>
      lazymatch goal with _ : 0 <= 1 - x ^ 2 |- _ => fail | _ => assert (0 <= 1 - x ^ 2) by nra end
  end.

(* what is subtracted from, divided or counted within at the first step *)
Ltac first_step :=
  repeat match goal with
  | |- context [(?x - ?y)%nat] => replace (x - y)%nat with 0%nat by lia
  end;
  rewrite ?zero_div; repeat rewrite zero_mod by lia; cbn [Nat.add]; rewrite ?pow_1, ?pow_O.

(* a share of c that is no less than c *)
Lemma whole_share : forall c x n, 0 <= c -> 0 < n -> n <= x -> c <= c * x / n.
Proof.
  intros. apply Rmult_le_reg_r with n; [assumption|]. replace (c * x / n * n) with (c * x) by (field; lra).
  apply Rmult_le_compat_l; assumption.
Qed.
Ltac shares :=
  repeat match goal with
  | |- context [?c * ?x / ?n] =>
      lazymatch goal with
      | _ : c <= c * x / n |- _ => fail
      | _ => assert (c <= c * x / n) by (apply whole_share; lra)
      end
  end.

(* chooses what is smaller, what is larger, and which case holds *)
Ltac choose :=
  repeat match goal with
  | |- context [Rmin ?x ?y] => first
      [ rewrite (Rmin_left x y) by lra | rewrite (Rmin_right x y) by lra
      | rewrite (Rmin_left x y) by (apply sqrt_above_one; lra) ]
  | |- context [Rmax ?x ?y] => first [ rewrite (Rmax_left x y) by lra | rewrite (Rmax_right x y) by lra ]
  | |- context [if ?test then _ else _] => destruct test; try (exfalso; lra)
  end.

(* functions at the points where their value is known *)
Ltac known :=
  repeat match goal with
  | |- context [cos ?x] => first
      [ replace x with 0 by (field; apart); rewrite cos_0 | replace x with PI by (field; apart); rewrite cos_PI ]
  | |- context [rpow ?x ?p] => first
      [ replace x with 1 by (field; apart); rewrite rpow_1
      | replace x with 0 by (field; apart); rewrite rpow_0 by assumption ]
  | |- context [sqrt ?x] => first
      [ replace x with 1 by (field; apart); rewrite sqrt_1
      | match goal with |- context [_ = ?v] => replace (sqrt x) with v by (symmetry; apply root_is; [lra | field; apart]) end ]
  end.

(* an equation, or what it demands *)
Ltac part :=
  lazymatch goal with
  | |- _ = _ => first [ solve [field; sides] | solve [lra] | finish ]
  | |- _ >= _ => apply Rle_ge; low
  | |- _ <> _ => apart
  | |- _ => lra
  end.
Ltac parts := repeat match goal with |- _ /\ _ => split end.
Ltac value_at :=
  try match goal with H : S ?t = 1%nat |- _ => injection H as H; subst t; first_step end;
  reals; choose; known; shares; choose; parts; part.
Ltac between :=
  reals; choose; parts;
  first [ solve [apply Rle_ge; low] | solve [apply Rmin_glb_lt; over] | solve [eapply Rle_trans; [apply Rmin_l | lra]] | part ].
(* what rises with the step, part by part *)
Ltac rises :=
  first [ solve [lra] | apply Rmin_le; rises | apply sqrt_le_1_alt; rises | apply Rplus_le_compat; rises
        | apply Rmult_le_compat_l; [low | rises] | apply Rmult_le_compat_r; [low | rises] ].
Ltac never_falls := reals; choose; parts; first [ solve [apply Rle_ge; low] | solve [unfold Rdiv; rises] | part ].
Ltac total_up_to value t :=
  parts;
  [ part ..
  | induction t as [|t IH]; [simpl; close | change (past_sum ?f (S ?t)) with (past_sum f t + f (S t)); rewrite IH, value; reals; simpl; close ] ].

(** * Stages *)

Lemma above_one : forall x y, 0 < y -> y <= x -> 1 <= x / y.
Proof.
  intros. apply Rmult_le_reg_r with y; [assumption|]. replace (x / y * y) with x by (field; lra). lra.
Qed.
Ltac unclipped :=
  repeat match goal with
  | |- context [Rmin (?x / ?y) 1] => rewrite (Rmin_right (x / y) 1) by (apply above_one; [over | lra])
  | |- context [Rmin 1 (?x / ?y)] => rewrite (Rmin_left 1 (x / y)) by (apply above_one; [over | lra])
  end.
Ltac one_step :=
  reals; parts;
  first [ solve [ring] | solve [field; apart] | solve [progress unclipped; ring]
        | solve [cases; first [lra | exfalso; lra | ring | solve [field; apart]]]
        | solve [unfold Rmin, Rmax, Rabs in *; repeat (destruct Rle_dec || destruct Rcase_abs); lra] | finish ].

Ltac by_field := first [reflexivity | solve [ring] | solve [field; repeat split; first [assumption | apart]]].
Ltac given := first [solve [choices; first [exfalso; lra | reals; by_field]] | reals; one_step].

(** * Sums over the elements of arrays *)

Fixpoint sum_over {Element : Type} (elements : list Element) (f : Element -> R) : R :=
  match elements with nil => 0 | cons e rest => f e + sum_over rest f end.
(* of no element it is 0 *)
Fixpoint largest_of {Element : Type} (elements : list Element) (f : Element -> R) : R :=
  match elements with
  | nil => 0
  | cons e rest => match rest with nil => f e | _ => Rmax (f e) (largest_of rest f) end
  end.

Section Elements.
Variables (Element : Type) (elements : list Element).
Lemma sum_same : forall f g, (forall e, f e = g e) -> sum_over elements f = sum_over elements g.
Proof. intros f g H. induction elements as [|e rest IH]; simpl; [reflexivity | rewrite IH, H; reflexivity]. Qed.
Lemma sum_plus : forall f g, sum_over elements (fun e => f e + g e) = sum_over elements f + sum_over elements g.
Proof. intros. induction elements as [|e rest IH]; simpl; [ring | rewrite IH; ring]. Qed.
Lemma sum_scaled : forall c f, sum_over elements (fun e => c * f e) = c * sum_over elements f.
Proof. intros. induction elements as [|e rest IH]; simpl; [ring | rewrite IH; ring]. Qed.
Lemma sum_nonneg : forall f, (forall e, 0 <= f e) -> 0 <= sum_over elements f.
Proof. intros f H. induction elements as [|e rest IH]; simpl; [lra | pose proof (H e); lra]. Qed.
Lemma largest_same : forall f g, (forall e, f e = g e) -> largest_of elements f = largest_of elements g.
Proof.
  intros f g H. induction elements as [|e rest IH]; [reflexivity|]. simpl. rewrite IH, H. reflexivity.
Qed.
Lemma largest_scaled : forall c f, 0 <= c -> largest_of elements (fun e => c * f e) = c * largest_of elements f.
Proof.
  intros c f C. induction elements as [|e rest IH]; [simpl; ring|]. simpl. destruct rest as [|d rest]; [reflexivity|].
  rewrite IH. apply RmaxRmult. exact C.
Qed.
Lemma largest_nonneg : forall f, (forall e, 0 <= f e) -> 0 <= largest_of elements f.
Proof.
  intros f H. induction elements as [|e rest IH]; [simpl; lra|]. simpl. destruct rest; [apply H|].
  eapply Rle_trans; [apply (H e) | apply Rmax_l].
Qed.
End Elements.

Lemma root_apart : forall f c s, 0 <= c -> 0 <= s -> f = c * c -> sqrt (f * s) = c * sqrt s.
Proof.
  intros f c s C S E. rewrite E, sqrt_mult by (try apply Rle_0_sqr; assumption). f_equal. apply sqrt_square. exact C.
Qed.
Lemma div_times : forall x y, y <> 0 -> x / y * y = x. Proof. intros. field. assumption. Qed.
Lemma times_div : forall x y, y <> 0 -> y * (x / y) = x. Proof. intros. field. assumption. Qed.
Ltac not_below_zero :=
  choices;
  lazymatch goal with
  | |- 0 <= sum_over _ _ => apply sum_nonneg; intro; low
  | |- 0 <= largest_of _ _ => apply largest_nonneg; intro; low
  | |- 0 <= sqrt _ => apply sqrt_pos
  | |- 0 <= _ + _ => apply Rplus_le_le_0_compat; not_below_zero
  | |- _ => low
  end.
Ltac term_by_term :=
  first [ solve [ring] | solve [rewrite ?Rabs_Ropp, ?Rabs_mult; repeat match goal with P : 0 <= ?c |- context [Rabs ?c] => rewrite (Rabs_pos_eq c P) end; ring]
        | solve [field; repeat split; apart] ].
Ltac is_square := first [ring | rewrite abs_square; ring].
Ltac sum_apart := rewrite ?sum_plus, ?sum_scaled; ring.
Ltac largest_apart := rewrite largest_scaled by first [assumption | low]; ring.
(* a sum becomes a number; of a root the square *)
Ltac name_sums :=
  repeat match goal with
  | H : 0 <= ?u |- context [sqrt ?u] =>
      lazymatch u with
      | sum_over _ _ =>
          let Q := fresh "Q" in pose proof (sqrt_sqrt u H) as Q; pose proof (sqrt_pos u);
          let s := fresh "s" in set (s := sqrt u) in *; clearbody s;
          let w := fresh "s" in set (w := u) in *; clearbody w; subst w
      end
  end;
  repeat match goal with
  | |- context [sum_over ?l ?f] => let s := fresh "s" in set (s := sum_over l f) in *; clearbody s
  | |- context [largest_of ?l ?f] => let s := fresh "s" in set (s := largest_of l f) in *; clearbody s
  end.
Ltac whole_parts :=
  repeat match goal with
  | |- context [?x / ?y * ?y] => rewrite (div_times x y) by lra
  | |- context [?y * (?x / ?y)] => rewrite (times_div x y) by lra
  end.
Ltac over_elements :=
  alone; name_sums; first
  [ solve [ring] | solve [field; repeat split; apart]
  | solve [repeat (split_one; rewrite ?Rmult_1_l, ?Rmult_1_r; whole_parts; try (exfalso; lra)); first [lra | ring | field; lra]] ].

(** * Where linear steps end *)

Lemma shifted_cv : forall u l, Un_cv u l -> Un_cv (fun t => u (S t)) l.
Proof. intros u l H e P. destruct (H e P) as [n N]. exists n. intros k K. apply N. lia. Qed.
Lemma constant_cv : forall c : R, Un_cv (fun _ => c) c.
Proof. intros c e P. exists O. intros. unfold R_dist. rewrite Rminus_diag_eq, Rabs_R0 by reflexivity. exact P. Qed.
(* what is as far from zero as a square whose multiples go to zero goes there itself *)
Lemma root_cv : forall c u, 0 < c -> Un_cv (fun t => c * (u t * u t)) 0 -> Un_cv u 0.
Proof.
  intros c u C H e P. destruct (H (c * (e * e))) as [n N]; [repeat apply Rmult_lt_0_compat; lra|]. exists n. intros k K. specialize (N k K).
  unfold R_dist in *. rewrite Rminus_0_r in *. rewrite Rabs_pos_eq in N by nra.
  assert (Q : u k * u k < e * e) by nra. unfold Rabs. destruct (Rcase_abs (u k)); nra.
Qed.

Theorem contracts_2 : forall p q (w : nat -> R), (forall t, w (S (S t)) = p * w (S t) - q * w t) ->
  -1 < q < 1 -> - (1 + q) < p < 1 + q -> Un_cv w 0.
Proof.
  intros p q w H Q P.
  (* a form that is never negative and falls by a square in each step *)
  pose (form := fun t => (1 + q) * (w t * w t + w (S t) * w (S t)) - 2 * p * (w t * w (S t))).
  assert (falls : forall t, form t - form (S t) = (1 - q) * ((w (S (S t)) - w t) * (w (S (S t)) - w t))).
  { intro t. unfold form. rewrite (H t). ring. }
  assert (least : forall t, 0 <= form t).
  { intro t. unfold form. pose proof (Rle_0_sqr (w t + w (S t))) as A. pose proof (Rle_0_sqr (w t - w (S t))) as B.
    unfold Rsqr in A, B. destruct (Rle_dec 0 p); nra. }
  assert (gap : Un_cv (fun t => w (S (S t)) - w t) 0).
  { apply (root_cv (1 - q)); [lra|].
    destruct (decreasing_cv form) as [l L].
    - intro t. pose proof (falls t). pose proof (Rle_0_sqr (w (S (S t)) - w t)) as A. unfold Rsqr in A. nra.
    - exists 0. intros y [t ->]. unfold opp_seq. pose proof (least t). lra.
    - pose proof (CV_minus _ _ _ _ L (shifted_cv _ _ L)) as M. rewrite Rminus_diag_eq in M by reflexivity.
      intros e E. destruct (M e E) as [n N]. exists n. intros k K. rewrite <- falls. exact (N k K). }
  (* w is made of two of these differences *)
  set (c := (1 + q) * (1 + q) - p * p). assert (C : c <> 0) by (unfold c; nra).
  pose proof (CV_plus _ _ _ _ (CV_mult _ _ _ _ (constant_cv ((p * p - (1 + q)) / c)) gap)
    (CV_mult _ _ _ _ (constant_cv (- p / c)) (shifted_cv _ _ gap))) as M.
  rewrite !Rmult_0_r, Rplus_0_r in M. intros e E. destruct (M e E) as [n N]. exists n. intros k K. specialize (N k K).
  replace (w k) with ((p * p - (1 + q)) / c * (w (S (S k)) - w k) + - p / c * (w (S (S (S k))) - w (S k))); [exact N|].
  rewrite (H (S k)), (H k). unfold c. field. exact C.
Qed.

Lemma large_powers : forall z, z <= -1 -> ~ Un_cv (fun t => z ^ t) 0.
Proof.
  intros z Z C. destruct (C 1) as [n N]; [lra|]. specialize (N n (le_n n)). unfold R_dist in N.
  rewrite Rminus_0_r, <- RPow_abs in N. assert (1 <= Rabs z ^ n) by (apply pow_R1_Rle; rewrite Rabs_left1; lra). lra.
Qed.

Theorem contracts_1 : forall a (w : nat -> R), (forall t, w (S t) = a * w t) -> -1 < a < 1 -> Un_cv w 0.
Proof.
  intros a w H A.
  assert (P : forall t, w t = a ^ t * w O) by (induction t as [|t I]; [simpl; ring | rewrite H, I; simpl; ring]).
  assert (Z : Un_cv (fun t => a ^ t) 0).
  { intros e E. destruct (pow_lt_1_zero a) with (y := e) as [n N]; [apply Rabs_def1; lra | exact E |].
    exists n. intros k K. unfold R_dist. rewrite Rminus_0_r. apply N. exact K. }
  pose proof (CV_mult _ _ _ _ Z (constant_cv (w O))) as M. rewrite Rmult_0_l in M.
  intros e E. destruct (M e E) as [n N]. exists n. intros k K. rewrite P. exact (N k K).
Qed.

Theorem grows_1 : forall a, a <= -1 -> exists w : nat -> R, (forall t, w (S t) = a * w t) /\ ~ Un_cv w 0.
Proof. intros a A. exists (fun t => a ^ t). split; [reflexivity | apply large_powers; exact A]. Qed.

(* along the eigenvector of a root that is not above -1 *)
Theorem grows_2 : forall a b c d, b <> 0 \/ -1 < d -> 1 + (a + d) + (a * d - b * c) <= 0 ->
  exists w s : nat -> R,
    (forall t, w (S t) = a * w t + b * s t) /\ (forall t, s (S t) = c * w t + d * s t) /\ ~ Un_cv w 0.
Proof.
  intros a b c d B P. destruct (Req_EM_T b 0) as [-> | N].
  - destruct B as [B | D]; [lra|].
    exists (fun t => a ^ t), (fix s t := match t with O => 0 | S k => c * a ^ k + d * s k end).
    repeat split; [intro; simpl; ring | apply large_powers; nra].
  - set (p := a + d) in *. set (q := a * d - b * c) in *.
    pose proof (Rle_0_sqr (p + 2)) as A. unfold Rsqr in A. assert (0 <= p * p - 4 * q) by lra.
    set (r := sqrt (p * p - 4 * q)). assert (R : r * r = p * p - 4 * q) by (apply sqrt_sqrt; assumption).
    assert (0 <= r) by apply sqrt_pos.
    assert (2 + p <= r) by (destruct (Rle_dec (2 + p) 0); [lra|]; apply Rnot_lt_le; intro; assert (r * r < (2 + p) * (2 + p)) by nra; lra).
    set (z := (p - r) / 2). assert (Z : z * z - p * z + q = 0) by (unfold z; nra).
    exists (fun t => z ^ t), (fun t => z ^ t * ((z - a) / b)). repeat split.
    + intro t. simpl. field. exact N.
    + intro t. simpl. apply (Rmult_eq_reg_r b); [|exact N].
      replace (z * z ^ t * ((z - a) / b) * b) with (z ^ t * (z * (z - a))) by (field; exact N).
      replace ((c * z ^ t + d * (z ^ t * ((z - a) / b))) * b) with (z ^ t * (b * c + d * (z - a))) by (field; exact N).
      f_equal. unfold p, q in Z. nra.
    + apply large_powers. unfold z. lra.
Qed.

Lemma undivided : forall x y, 0 < y -> x / y * y = x. Proof. intros. field. lra. Qed.
(* the determinant of two runs side by side is multiplied by that of the step, and goes to zero with them *)
Theorem grows_2_around : forall a b c d, b <> 0 -> 1 - (a * d - b * c) <= 0 ->
  ~ (forall w s : nat -> R, (forall t, w (S t) = a * w t + b * s t) -> (forall t, s (S t) = c * w t + d * s t) -> Un_cv w 0).
Proof.
  intros a b c d B Q all.
  pose (run := fun x y => fix run t := match t with O => (x, y)
    | S k => (a * fst (run k) + b * snd (run k), c * fst (run k) + d * snd (run k)) end : R * R).
  assert (first : forall x y, Un_cv (fun t => fst (run x y t)) 0).
  { intros x y. apply (all _ (fun t => snd (run x y t))); intro t; reflexivity. }
  assert (second : forall x y, Un_cv (fun t => snd (run x y t)) 0).
  { intros x y.
    pose proof (CV_plus _ _ _ _ (CV_mult _ _ _ _ (constant_cv (/ b)) (shifted_cv _ _ (first x y)))
      (CV_mult _ _ _ _ (constant_cv (- a / b)) (first x y))) as M.
    rewrite !Rmult_0_r, Rplus_0_r in M. intros e E. destruct (M e E) as [n N]. exists n. intros k K. specialize (N k K).
    replace (snd (run x y k)) with (/ b * fst (run x y (S k)) + - a / b * fst (run x y k)); [exact N|].
    simpl. field. exact B. }
  pose (area := fun t => fst (run 1 0 t) * snd (run 0 1 t) - snd (run 1 0 t) * fst (run 0 1 t)).
  assert (grows : forall t, 1 <= area t).
  { induction t as [|t IH]; [unfold area; simpl; lra|].
    replace (area (S t)) with ((a * d - b * c) * area t) by (unfold area; simpl; ring). nra. }
  pose proof (CV_minus _ _ _ _ (CV_mult _ _ _ _ (first 1 0) (second 0 1)) (CV_mult _ _ _ _ (second 1 0) (first 0 1))) as M.
  destruct (M 1) as [n N]; [lra|]. specialize (N n (le_n n)). pose proof (grows n) as G. unfold area in G.
  unfold R_dist in N. apply Rabs_def2 in N. lra.
Qed.

Ltac same := first [reflexivity | ring | field; repeat split; first [assumption | solve [facts; apart]]].
Ltac below_zero := apply times_below; [low | assumption].
(* also by what the square of a root is *)
Ltac same_rooted := first [same | field_simplify_eq; [first [lra | nra | by_ideal] | repeat split; apart]].

(** * Bounds on steps *)

Lemma abs_upto : forall x b, 0 <= b -> x * x <= b * b -> Rabs x <= b.
Proof. intros x b B H. apply Rsqr_incr_0_var; [|exact B]. rewrite <- Rsqr_abs. exact H. Qed.
Lemma size_of_ratio : forall n d b, 0 < d -> Rabs n <= b * d -> Rabs (n / d) <= b.
Proof.
  intros. rewrite abs_div by assumption. apply Rmult_le_reg_r with d; [assumption|].
  replace (Rabs n / d * d) with (Rabs n) by (field; lra). assumption.
Qed.
Lemma ratio_upto : forall n d l b, 0 <= l -> l <= d -> 0 < d -> 0 <= b -> n * n <= b * b * (l * l) -> Rabs (n / d) <= b.
Proof.
  intros n d l b L M D B H. apply size_of_ratio; [exact D|]. apply Rle_trans with (b * l).
  - apply abs_upto; [apply Rmult_le_pos; assumption|]. replace (b * l * (b * l)) with (b * b * (l * l)) by ring. exact H.
  - apply Rmult_le_compat_l; assumption.
Qed.
Lemma geometric_step : forall r t, r <> 1 -> (1 - r ^ S t) / (1 - r) = r * ((1 - r ^ t) / (1 - r)) + 1.
Proof. intros. simpl. field. lra. Qed.
Lemma geometric_low : forall r t, 0 <= r -> r <> 1 -> 0 <= (1 - r ^ t) / (1 - r).
Proof.
  intros r t P N. induction t as [|t IH]; [simpl; right; field; lra|]. rewrite geometric_step by exact N.
  apply Rplus_le_le_0_compat; [apply Rmult_le_pos; assumption | lra].
Qed.
(* Cauchy and Schwarz, of two terms *)
Lemma two_terms : forall p q a b x y, 0 <= p -> 0 <= q -> 0 <= a -> 0 <= b -> x * x <= p * a -> y * y <= q * b ->
  (x + y) * (x + y) <= (p + q) * (a + b).
Proof.
  intros p q a b x y P Q A B X Y.
  assert (2 * (x * y) <= p * b + q * a); [|nra].
  apply Rle_trans with (Rabs (2 * (x * y))); [apply Rle_abs|]. pose proof (Rmult_le_pos _ _ P B). pose proof (Rmult_le_pos _ _ Q A).
  apply abs_upto; [lra|].
  assert (x * x * (y * y) <= p * a * (q * b)) by (apply Rmult_le_compat; try apply square_nonneg; assumption).
  pose proof (square_nonneg (p * b - q * a)). nra.
Qed.
Theorem mean_upto_root : forall b c d e (m v x : nat -> R), 0 < d -> 0 < e -> b ^ 2 / d <> 1 ->
  m 0%nat = 0 -> v 0%nat = 0 ->
  (forall t, m (S t) = b * m t + c * x (S t)) -> (forall t, v (S t) = d * v t + e * x (S t) ^ 2) ->
  forall t, 0 <= v t /\ m t * m t <= c ^ 2 / e * ((1 - (b ^ 2 / d) ^ t) / (1 - b ^ 2 / d)) * v t.
Proof.
  intros b c d e m v x D E N M V H K t. set (r := b ^ 2 / d) in *.
  assert (0 <= r) by (apply div_nonneg; [apply pow2_ge_0 | lra]).
  assert (P : 0 <= c ^ 2 / e) by (apply div_nonneg; [apply pow2_ge_0 | lra]).
  induction t as [|t [IV IH]]; [rewrite M, V; split; lra|].
  pose proof (geometric_low r t) as G. specialize (G H0 N). rewrite H, K, geometric_step by exact N.
  set (q := (1 - r ^ t) / (1 - r)) in *. pose proof (pow2_ge_0 (x (S t))).
  assert (0 <= d * v t) by (apply Rmult_le_pos; lra). assert (0 <= e * x (S t) ^ 2) by (apply Rmult_le_pos; lra).
  split; [lra|]. replace (c ^ 2 / e * (r * q + 1)) with (c ^ 2 / e * r * q + c ^ 2 / e) by ring. apply two_terms; try assumption.
  - apply Rmult_le_pos; [apply Rmult_le_pos|]; assumption.
  - replace (c ^ 2 / e * r * q * (d * v t)) with (b ^ 2 * (c ^ 2 / e * q * v t)) by (unfold r; field; lra).
    replace (b * m t * (b * m t)) with (b ^ 2 * (m t * m t)) by ring. apply Rmult_le_compat_l; [apply pow2_ge_0 | exact IH].
  - right. field. lra.
Qed.
Theorem mean_upto_max : forall b c d (m u x : nat -> R), 0 <= b -> 0 < d -> 0 <= c -> b / d <> 1 ->
  m 0%nat = 0 -> u 0%nat = 0 ->
  (forall t, m (S t) = b * m t + c * x (S t)) -> (forall t, u (S t) = Rmax (d * u t) (Rabs (x (S t)))) ->
  forall t, 0 <= u t /\ Rabs (m t) <= c * ((1 - (b / d) ^ t) / (1 - b / d)) * u t.
Proof.
  intros b c d m u x B D C N M V H K t. assert (0 <= b / d) by (apply div_nonneg; lra).
  induction t as [|t [IV IH]]; [rewrite M, V, Rabs_R0; split; lra|].
  pose proof (geometric_low (b / d) t) as G. specialize (G H0 N). rewrite H, geometric_step by exact N.
  set (q := (1 - (b / d) ^ t) / (1 - b / d)) in *.
  assert (d * u t <= u (S t)) by (rewrite K; apply Rmax_l). assert (Rabs (x (S t)) <= u (S t)) by (rewrite K; apply Rmax_r).
  assert (0 <= d * u t) by (apply Rmult_le_pos; lra). split; [lra|].
  eapply Rle_trans; [apply Rabs_triang|]. rewrite !times_abs by assumption.
  replace (c * (b / d * q + 1) * u (S t)) with (c * q * (b / d) * u (S t) + c * u (S t)) by ring.
  apply Rplus_le_compat; [|apply Rmult_le_compat_l; assumption].
  apply Rle_trans with (c * q * (b / d) * (d * u t)).
  - replace (c * q * (b / d) * (d * u t)) with (b * (c * q * u t)) by (field; lra). apply Rmult_le_compat_l; assumption.
  - apply Rmult_le_compat_l; [apply Rmult_le_pos; [apply Rmult_le_pos|]|]; assumption.
Qed.
Lemma sgn_upto_one : forall x, Rabs (sgn x) <= 1.
Proof. intros. unfold sgn. destruct (Rlt_dec 0 x); [rewrite Rabs_R1; lra|]. destruct (Rlt_dec x 0); [rewrite Rabs_left1; lra | rewrite Rabs_R0; lra]. Qed.
Lemma scaled_upto : forall f x b, Rabs x <= 1 -> Rabs f <= b -> Rabs (f * x) <= b.
Proof.
  intros f x b X F. rewrite Rabs_mult. pose proof (Rabs_pos f). apply Rle_trans with (Rabs f * 1); [|lra].
  apply Rmult_le_compat_l; assumption.
Qed.
Ltac upto_one :=
  lazymatch goal with
  | |- Rabs (if ?c then _ else _) <= 1 => destruct c; upto_one
  | |- Rabs (_ * (if ?c then _ else _)) <= 1 => destruct c; rewrite ?Rmult_1_r, ?Rmult_0_r; upto_one
  | |- Rabs (sgn _) <= 1 => apply sgn_upto_one
  | |- Rabs (Rmax _ _) <= 1 => apply Rabs_le; split; low
  | |- Rabs 0 <= 1 => rewrite Rabs_R0; lra
  end.
(* a step, up to its sign, as what it is made of *)
Ltac made_of y put :=
  match goal with |- Rabs ?x <= _ =>
    first [ replace x with y by (put; unfold Rdiv; ring)
          | replace (Rabs x) with (Rabs y) by (rewrite <- (Rabs_Ropp x); f_equal; put; unfold Rdiv; ring) ]
  end.
(* what is not zero in the step, in the words of what the step computes *)
Ltac divides put :=
  first [ solve [facts; over]
        | apply nonzero_positive;
          [ low | match goal with H : _ <> 0 |- _ => intro; apply H; put; first [assumption | lra] end ] ].
