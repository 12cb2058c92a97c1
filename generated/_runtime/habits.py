"""How other libraries call things, and what they are here: the tables from which messages are made.

Names are in lower case and without underscores. In what is to be written, {} is the value that was given.
"""

from __future__ import annotations

__all__ = ["ATTRIBUTES", "CLASSES", "ELSEWHERE", "MODULES", "OPTIONS", "SYNONYMS"]

#: The modules that serve all array libraries.
MODULES = ("schedules", "restarts", "plateau", "stopping", "pacing", "curriculum", "keeping", "ordering")

_RATE = (
    "learningrate lrate alpha eta eta0 stepsize step rate baselr initvalue initiallearningrate initlr maxlr peakvalue"
)
_DECAY = "decayrate discountingfactor smoothing smoothingconstant ema"

#: What a hyperparameter is called elsewhere, by its name here. With a word after a colon, only where that stands in
#: its line of the class's docstring: one letter has several meanings.
SYNONYMS: dict[str, str] = {
    "rho:averages": f"alpha decay beta2 b2 {_DECAY}",
    "lr": _RATE,
    "beta1": "b1 beta momentum mu rho1",
    "beta2": f"b2 rho rho2 {_DECAY}",
    "mu": "momentum beta beta1 b1 rho",
    "rho:momentum": "momentum mu beta beta1 b1",
    "beta": "momentum mu beta1 b1",
    "momentum": "mu beta rho decay",
    "eps": "epsilon fuzz",
    "weight_decay": "wd decay l2 l2reg lambda lambd weightdecayrate rate strength",
    "max_norm": "clipnorm globalclipnorm norm maxgradnorm gradclip threshold clip value cliplength maxdelta",
    "max_value": "clipvalue clip value threshold maxdelta",
    "decay": f"momentum beta alpha emadecay emamomentum {_DECAY}",
    "every": "steps k n everyk everykschedule accumulationsteps gradientaccumulationsteps accumulatesteps",
    "initial_scale": "initscale scale lossscale initialscale",
    "growth": "growthfactor",
    "backoff": "backofffactor",
    "interval": "growthinterval dynamicgrowthsteps",
    "loss_scale": "scale lossscalefactor factor",
    "k": "syncperiod slowsteps steps every",
    "alpha": "slowstepsize stepsize",
    "steps": "decaysteps tmax totalsteps transitionsteps totaliters maxiter epochs numsteps",
    "period": "stepsize t0 firstdecaysteps decaysteps transitionsteps every",
    "end": "etamin endvalue endlearningrate finallr minlr alpha",
    "gamma": "decayrate factor drop",
    "power": "exponent",
    "warmup_steps": "warmup numwarmupsteps warmupiters",
    "min_delta": "threshold delta minimumdelta epsilon",
    "threshold:improvement": "mindelta delta epsilon",
    "factor": "gamma decayrate drop",
    "min_lr": "minlr lrmin",
    "initial_accumulator": "initialaccumulatorvalue",
    "where": "mask excludefromweightdecay only params",
    "pipeline": "stages chain transforms preprocessors hooks clipping",
    "master_weights": "mastercopy usemasterweights",
    "channels": "numfeatures features size numchannels",
    "axis": "channelaxis dim",
}

#: An option that is another class here, or a stage: for the rules whose name matches, the class that has to be there,
#: and what to write. An option that is False or None is to be left out.
ELSEWHERE: tuple[tuple[str, str, str, str], ...] = (
    (
        "weightdecay wd l2 l2reg decoupledweightdecay",
        r".*",
        "{rule}W",
        "{rule}W(params, weight_decay={}) for decay beside the gradient",
    ),
    ("weightdecay wd l2 l2reg", r".*", "L2Decay", "pipeline=[L2Decay(weight_decay={})] for decay added to it"),
    (
        "weightdecay wd",
        r"(?!Adam$|NAdam$|RAdam$|AMSGrad$|Adamax$)",
        "DecoupledDecay",
        "pipeline=[DecoupledDecay(weight_decay={})]",
    ),
    ("momentum mu", r"SGD$|SignSGD$", "MomentumBuffer", "MomentumBuffer(params, mu={})"),
    ("momentum mu", r"RMSprop$", "RMSpropMomentum", "RMSpropMomentum(params, momentum={})"),
    ("momentum mu", r"RMSpropCentered$", "RMSpropCenteredMomentum", "RMSpropCenteredMomentum(params, momentum={})"),
    ("nesterov usenesterov", r"SGD$|Momentum|HeavyBall", "Nesterov", "Nesterov(params, mu=0.9)"),
    ("nesterov usenesterov", r"Adam$", "NAdam", "NAdam(params)"),
    ("nesterov usenesterov", r"AdamW$", "NAdamW", "NAdamW(params)"),
    ("nesterov usenesterov", r"RMSprop", "RMSpropNesterov", "RMSpropNesterov(params)"),
    ("amsgrad", r"Adam$", "AMSGrad", "AMSGrad(params)"),
    ("amsgrad", r"AdamW$", "AMSGradW", "AMSGradW(params)"),
    ("amsbound amsgrad", r"AdaBound$", "AMSBound", "AMSBound(params)"),
    ("centered", r"RMSprop", "RMSpropCentered", "RMSpropCentered(params)"),
    ("dampening", r"SGD$|Momentum", "MomentumDampened", "MomentumDampened(params, mu=0.9, dampening={})"),
    ("lrdecay", r"Adagrad$", "AdagradDecay", "AdagradDecay(params, lr_decay={})"),
    ("maximize", r".*", "Maximize", "pipeline=[Maximize()]"),
    ("clipnorm", r".*", "ClipByNorm", "pipeline=[ClipByNorm(max_norm={})]"),
    (
        "globalclipnorm maxnorm maxgradnorm gradclip clipgradnorm gradclipnorm clip",
        r".*",
        "ClipByGlobalNorm",
        "pipeline=[ClipByGlobalNorm(max_norm={})]",
    ),
    ("clipvalue clipgradvalue maxvalue", r".*", "ClipByValue", "pipeline=[ClipByValue(max_value={})]"),
    ("emamomentum emadecay", r".*", "WeightEMA", "pipeline=[WeightEMA(decay={})]"),
    ("useema", r".*", "WeightEMA", "pipeline=[WeightEMA(decay=0.99)]"),
    (
        "gradientaccumulationsteps accumulationsteps accumulate everyk everykschedule",
        r".*",
        "Accumulate",
        "pipeline=[Accumulate(every={})]",
    ),
    ("lossscale lossscalefactor", r".*", "LossScale", "pipeline=[LossScale(loss_scale={})]"),
)

#: What is said of an option instead of what to write for it.
OPTIONS: dict[str, str] = {
    "foreach fused capturable differentiable jitcompile uselocking name verbose mudtype": "leave it out",
    "maxiter maxiters niter niters epochs nepochs tol batchsize": "one call of step(grads) is one step",
    "schedule scheduler lrscheduler lrschedule lambda lrlambda": (
        "the learning rate may be a callable of the step number, such as those in the module schedules"
    ),
    "params parameters modelparameters model variables varlist weights": "the parameters come first, without a name",
    "mode": "of a metric that is to rise, report the negative",
    "monitor metric": "report the metric: step(metric)",
    "restorebestweights savebestonly": "KeepBest in the module keeping does that",
    "optimizer": "it is given to the optimizer, as its lr",
    "lastepoch": "the optimizer counts the steps",
}

#: What is looked up on objects, by what they are: of each the beginning of the answer to "X has no y".
ATTRIBUTES: dict[str, dict[str, str]] = {
    "optimizer": {
        "zerograd cleargrads clearstate": "gradients are handed to step(grads) and not kept, so none has to be zeroed",
        "update apply applygradients updatestep minimize applyupdates tryapply": (
            "step(grads) takes gradients that have been computed, and updates the parameters in place"
        ),
        "backward computegradients getgradients": "compute the gradients, and hand them to step(grads)",
        "init build setup initialize create": "its states are made with it, so nothing has to be initialized",
        "paramgroups parametergroups": "write groups, such as opt.groups[0].lr = 0.01",
        "addparamgroup": "write add_group",
        "registerstepprehook registerstepposthook": "call it before or after step(grads)",
        "addhook chain": "what surrounds a rule is its pipeline, given when it is made",
        "iterations iteration stepcount numsteps count steps": "write t, the number of steps taken",
        "variables weights getweights getconfig getstate save serialize": "write state_dict()",
        "setweights fromconfig setstate load restore deserialize": "write load_state_dict(saved)",
        "defaults hyperparameters hyperparams config": "each hyperparameter is an attribute, such as lr",
        "params parameters": "the parameters are those that were handed over; they are updated in place",
    },
    "stage": {
        "statedict loadstatedict": "what it keeps is in the state of its optimizer: opt.state_dict()",
        "init update apply step": "it is run by the optimizer in whose pipeline it stands: pipeline=[...]",
    },
    "schedule": {
        "step": "the optimizer calls it with the number of each step: give it as lr",
        "getlastlr getlr lastlr": "call it with the number of a step",
        "statedict loadstatedict": "it keeps nothing that has to be saved",
    },
    "monitor": {
        "getlastlr getlr lastlr current": "write value",
        "onepochend onepochbegin update report add": "write step(metric)",
        "stop shouldstop earlystop stopped stoptraining": "write value, which step(metric) also returns",
    },
    "layer": {
        "train eval": "write forward(x, training=True), or False",
        "parameters weights trainableweights": "they are gamma and beta, their gradients dgamma and dbeta",
        "weight scale": "write gamma",
        "bias offset": "write beta",
        "movingmean mean": "write running_mean",
        "movingvariance movingvar var": "write running_var",
        "call apply": "write forward(x)",
    },
}

#: What classes are called elsewhere, or in other versions of the same idea.
CLASSES: dict[str, str] = {
    "momentum": "MomentumBuffer HeavyBall",
    "sgdmomentum momentumsgd sgdm polyak classicalmomentum": "MomentumBuffer HeavyBall",
    "nag nesterovag nesterovmomentum nesterovsgd sgdnesterov acceleratedgradient": "Nesterov",
    "gd gradientdescent vanilla": "SGD",
    "lookahead": "LookaheadSGD LookaheadAdam",
    "noisysgd gradientnoise addnoise gaussian": "GaussianNoise",
    "ema exponentialmovingaverage movingaverage averagedmodel weightaverage modelema polyakaverage": "WeightEMA",
    "swa stochasticweightaverage": "WeightMean",
    "clipnorm clipgradnorm clip gradientclipping gradclip globalnorm": "ClipByGlobalNorm ClipByNorm",
    "clipvalue clipgradvalue": "ClipByValue",
    "gradscaler lossscaleoptimizer mixedprecision dynamicscale": "DynamicLossScale",
    "multisteps gradientaccumulation gradaccumulation accumulategradients": "Accumulate",
    "weightdecay adddecayedweights decay": "DecoupledDecay L2Decay",
    "l2 l2regularization l2regularizer l2penalty": "L2Decay",
    "batchnorm batchnorm1d batchnorm2d batchnorm3d batchnormalization": "BatchNormTorch BatchNormKeras",
    "reducelronplateau": "ReduceOnPlateau",
    "cosineannealing cosineannealinglr cosinedecay cosinedecayschedule": "Cosine",
    "cosineannealingwarmrestarts cosinedecayrestarts sgdr": "CosineRestarts CosineGrowingRestarts",
    "steplr piecewiseconstant multisteplr": "StepDecay",
    "exponentiallr exponentialdecay": "Exponential",
    "polynomiallr polynomialdecay linearlr": "Polynomial",
    "inversetimedecay": "Inverse",
    "modelcheckpoint checkpoint": "KeepBest Best",
    "paramgroup parametergroup": "Group",
}
